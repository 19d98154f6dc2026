// An atomic addition.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var total int64
	var all sync.WaitGroup
	for n := 0; n < 4; n++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < 100000; i++ {
				atomic.AddInt64(&total, 1)
			}
		}()
	}
	all.Wait()
	fmt.Printf("Total %d.\n", total)
}
