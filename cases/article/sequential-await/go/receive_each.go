// A goroutine for each step does not help where its end is received before the next begins.
package main

import (
	"fmt"
	"time"
)

func step(number int) {
	fmt.Printf("Step %d starting.\n", number)
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("Step %d done.\n", number)
}

// begin runs a step and closes the channel when it is done.
func begin(number int) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		step(number)
	}()
	return done
}

func main() {
	for _, number := range []int{1, 2, 3} {
		<-begin(number)
	}
}
