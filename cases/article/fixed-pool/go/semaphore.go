// A channel with room for two is a semaphore: the other goroutines wait to put something in.
package main

import (
	"fmt"
	"sync"
	"time"
)

func performTask(id, seconds int) {
	fmt.Printf("Task %d starting.\n", id)
	time.Sleep(time.Duration(seconds) * time.Second)
	fmt.Printf("Task %d completed.\n", id)
}

func main() {
	permits := make(chan struct{}, 2)
	var tasks sync.WaitGroup
	for id := 0; id < 4; id++ {
		id := id
		tasks.Add(1)
		go func() {
			defer tasks.Done()
			permits <- struct{}{}
			performTask(id, 1)
			<-permits
		}()
	}
	tasks.Wait()
}
