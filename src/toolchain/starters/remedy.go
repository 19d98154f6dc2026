// Starts both tasks, then waits for them.
package main

import (
	"fmt"
	"time"
)

func task(number int, done chan<- bool) {
	fmt.Printf("Task %d starts.\n", number)
	time.Sleep(400 * time.Millisecond)
	fmt.Printf("Task %d is done.\n", number)
	done <- true
}

func main() {
	done := make(chan bool)
	go task(1, done)
	go task(2, done)
	<-done
	<-done
}
