// ./go/goroutines.go
package main

import (
	"fmt"
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

}
