package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

func print(result any, err error) {
	var refused *Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Executed)
	} else if err != nil {
		fmt.Println(err)
	} else {
		fmt.Println(result)
	}
}

func call(client *Client, to string, msg any, timeout time.Duration) {
	var result any
	err := client.Call(to, msg, timeout, &result)
	switch value := result.(type) {
	case map[string]any:
		result = value["type"]
	case string:
		if len(value) > 100 {
			result = utf8.RuneCountInString(value)
		}
	}
	print(result, err)
}

func main() {
	client, err := Connect("127.0.0.1:" + os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := client.CastConfirmed("counter", "reset", time.Second); err != nil {
		panic(err)
	}
	call(client, "counter", map[string]any{"type": "add", "by": 3}, time.Second)
	if err := client.Cast("counter", "reset"); err != nil {
		panic(err)
	}
	call(client, "counter", "get", time.Second)
	print(nil, client.CastConfirmed("countr", "reset", time.Second))
	call(client, "counter", "gett", time.Second)
	value := strings.Repeat("é\"x", 20000)
	call(client, "kv", map[string]any{"type": "put", "key": "long", "value": value}, 5*time.Second)
	call(client, "kv", map[string]any{"type": "get", "key": "long"}, 5*time.Second)
	call(client, "wayward", map[string]any{"type": "sleep", "millis": 1000}, 100*time.Millisecond)
	odd, err := Connect("127.0.0.1:" + os.Args[2])
	if err != nil {
		panic(err)
	}
	call(odd, "dribbling", "get", 5*time.Second)
	call(odd, "silent", "get", 100*time.Millisecond)
	call(odd, "gone", "get", 5*time.Second)
}
