// A goroutine runs by itself: all are begun before the end of the first is received.
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
	var steps []<-chan struct{}
	for _, number := range []int{1, 2, 3} {
		steps = append(steps, begin(number))
	}
	for _, done := range steps {
		<-done
	}
}
