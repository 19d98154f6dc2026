// A WaitGroup waits for all steps, which run already.
package main

import (
	"fmt"
	"sync"
	"time"
)

func step(number int) {
	fmt.Printf("Step %d starting.\n", number)
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("Step %d done.\n", number)
}

func main() {
	var steps sync.WaitGroup
	for _, number := range []int{1, 2, 3} {
		number := number
		steps.Add(1)
		go func() {
			defer steps.Done()
			step(number)
		}()
	}
	steps.Wait()
}
