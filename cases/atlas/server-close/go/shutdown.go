// Shutdown closes idle connections at once.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	go server.Serve(listener)

	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	time.Sleep(20 * time.Millisecond)

	left := make(chan bool)
	time.AfterFunc(150*time.Millisecond, func() {
		fmt.Println("Client leaves.")
		client.Close()
		close(left)
	})
	if err := server.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println("Server closed.")
	<-left
}
