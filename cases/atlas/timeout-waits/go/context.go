// A context: whoever waits for it waits for nobody else.
package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	told, cleaned := make(chan bool), make(chan bool)
	go func() {
		<-ctx.Done()
		<-told
		fmt.Println("Work has cleaned up.")
		close(cleaned)
	}()
	<-ctx.Done()
	fmt.Println("Timeout.")
	close(told)
	<-cleaned
}
