// A closure.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var all sync.WaitGroup
	start := make(chan bool)
	for n := 0; n < 3; n++ {
		all.Add(1)
		go func() {
			defer all.Done()
			<-start
			fmt.Printf("Saw %d.\n", n)
		}()
	}
	close(start)
	all.Wait()
}
