// To whoever waits for a context below the one that was cancelled.
package main

import (
	"context"
	"errors"
	"fmt"
)

func main() {
	parent, cancel := context.WithCancelCause(context.Background())
	child, stop := context.WithCancel(parent)
	defer stop()
	cancel(errors.New("reason"))
	<-child.Done()
	if context.Cause(child) == child.Err() {
		fmt.Println("Reason was lost.")
	} else {
		fmt.Println("Reason arrived.")
	}
}
