// Two goroutines take tasks from one channel: no more than two run at a time.
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
	queue := make(chan int)
	var workers sync.WaitGroup
	for worker := 0; worker < 2; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for id := range queue {
				performTask(id, 1)
			}
		}()
	}
	for id := 0; id < 4; id++ {
		queue <- id
	}
	close(queue)
	workers.Wait()
}
