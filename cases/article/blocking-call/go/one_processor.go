// Not even with one processor for all goroutines: what sleeps does not hold it.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func blockingTask(seconds int) {
	fmt.Printf("Starting blocking task for %d seconds.\n", seconds)
	time.Sleep(time.Duration(seconds) * time.Second)
	fmt.Printf("Blocking task done after %d seconds.\n", seconds)
}

func nonBlockingTask(seconds int) {
	fmt.Printf("Starting non-blocking task for %d seconds.\n", seconds)
	time.Sleep(time.Duration(seconds) * time.Second)
	fmt.Printf("Non-blocking task done after %d seconds.\n", seconds)
}

func main() {
	runtime.GOMAXPROCS(1)
	var tasks sync.WaitGroup
	tasks.Add(2)
	go func() { defer tasks.Done(); blockingTask(2) }()
	go func() { defer tasks.Done(); nonBlockingTask(1) }()
	tasks.Wait()
}
