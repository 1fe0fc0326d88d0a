package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
)

type object = map[string]any

func check(err error) {
	if err != nil {
		panic(err)
	}
}
func send(conn net.Conn, message object) {
	frame, err := json.Marshal(message)
	check(err)
	_, err = conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame...))
	check(err)
}
func call(conn net.Conn, to string, msg any) (answer object) {
	send(conn, object{"op": "call", "id": 1, "to": to, "msg": msg, "timeout_ms": 5000})
	for answer["id"] != 1.0 { // a ping of the daemon's has none
		var length uint32
		check(binary.Read(conn, binary.BigEndian, &length))
		answer = nil
		check(json.NewDecoder(io.LimitReader(conn, int64(length))).Decode(&answer))
	}
	return
}
func main() {
	conn, err := net.Dial("tcp", "127.0.0.1:"+os.Args[1])
	check(err)
	fmt.Println(call(conn, "counter", object{"type": "add", "by": 3})["result"])
	send(conn, object{"op": "cast", "to": "counter", "msg": "reset"})
	fmt.Println(call(conn, "conter", "get")["error"].(object)["code"])
}
