// A client of genserverd for any number of goroutines, over one connection.
package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"sync"
	"time"
)

// Error is a request that failed. Executed says whether the process saw it: no, maybe or yes.
type Error struct {
	Code, Message, Executed string
	Details                 map[string]any
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

type answer struct {
	Op     string
	ID     uint64
	Result json.RawMessage
	Error  *Error
}

// Client is a connection to a daemon.
type Client struct {
	conn   net.Conn
	mutex  sync.Mutex // guards writing and what follows
	lastID uint64
	open   map[uint64]chan answer // nil once the connection is lost
}

// Connect connects to a daemon, such as "127.0.0.1:6470".
func Connect(address string) (*Client, error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	client := &Client{conn: conn, open: map[uint64]chan answer{}}
	go client.read()
	return client, nil
}

// Close ends the connection, and with it the open calls.
func (c *Client) Close() error { return c.conn.Close() }

// Call waits for the reply of a process and puts it into result, as json.Unmarshal does.
func (c *Client) Call(to string, msg any, timeout time.Duration, result any) error {
	reply, err := c.ask(map[string]any{"op": "call", "to": to, "msg": msg, "timeout_ms": timeout.Milliseconds()}, timeout)
	if err != nil {
		return err
	}
	return json.Unmarshal(reply, result)
}

// Cast sends a message; nothing tells whether it arrived.
func (c *Client) Cast(to string, msg any) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.send(map[string]any{"op": "cast", "to": to, "msg": msg})
}

// CastConfirmed sends a message and waits until it is in the process's mailbox.
func (c *Client) CastConfirmed(to string, msg any, timeout time.Duration) error {
	_, err := c.ask(map[string]any{"op": "cast", "to": to, "msg": msg}, timeout)
	return err
}

func (c *Client) ask(request map[string]any, timeout time.Duration) (json.RawMessage, error) {
	answers := make(chan answer, 1)
	c.mutex.Lock()
	if c.open == nil {
		c.mutex.Unlock()
		return nil, &Error{Code: "unavailable", Message: "the connection is lost", Executed: "no"}
	}
	c.lastID++
	id := c.lastID
	request["id"] = id
	err := c.send(request)
	if err == nil {
		c.open[id] = answers
	}
	c.mutex.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case answer, ok := <-answers:
		if !ok {
			return nil, &Error{Code: "unavailable", Message: "the connection was lost", Executed: "maybe"}
		}
		if answer.Error != nil {
			return nil, answer.Error
		}
		return answer.Result, nil
	case <-time.After(timeout + time.Second): // the daemon's own timer should be faster
		c.mutex.Lock()
		defer c.mutex.Unlock()
		delete(c.open, id)
		c.send(map[string]any{"op": "cancel", "id": id})
		return nil, &Error{Code: "timeout", Message: "the daemon says nothing", Executed: "maybe"}
	}
}

func (c *Client) send(message map[string]any) error {
	frame, err := json.Marshal(message)
	if err != nil {
		return err
	}
	length := binary.BigEndian.AppendUint32(nil, uint32(len(frame)))
	c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if _, err = c.conn.Write(append(length, frame...)); err != nil {
		c.conn.Close() // part of the frame may be out
	}
	return err
}

func (c *Client) read() {
	for {
		answer, err := c.receive()
		c.mutex.Lock()
		if err != nil {
			for _, answers := range c.open {
				close(answers)
			}
			c.open = nil
			c.mutex.Unlock()
			return
		}
		if answers, ok := c.open[answer.ID]; ok {
			delete(c.open, answer.ID)
			answers <- answer
		} else if answer.Op == "ping" {
			c.send(map[string]any{"op": "ping"}) // a sign of life
		}
		c.mutex.Unlock()
	}
}

func (c *Client) receive() (answer answer, err error) {
	var length [4]byte
	if _, err = io.ReadFull(c.conn, length[:]); err != nil {
		return
	}
	frame := make([]byte, binary.BigEndian.Uint32(length[:]))
	if _, err = io.ReadFull(c.conn, frame); err != nil {
		return
	}
	err = json.Unmarshal(frame, &answer)
	return
}
