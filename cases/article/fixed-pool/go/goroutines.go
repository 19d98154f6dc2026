// A goroutine for each task: there is no pool to be too small.
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
	var tasks sync.WaitGroup
	for id := 0; id < 4; id++ {
		id := id
		tasks.Add(1)
		go func() {
			defer tasks.Done()
			performTask(id, 1)
		}()
	}
	tasks.Wait()
}
