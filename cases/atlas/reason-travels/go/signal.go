// To whoever waits for a context that a signal cancels.
package main

import (
	"context"
	"fmt"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR1)
	defer stop()
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
	<-ctx.Done()
	if context.Cause(ctx) == ctx.Err() {
		fmt.Println("Reason was lost.")
	} else {
		fmt.Println("Reason arrived.")
	}
}
