// A goroutine.
package main

import (
	"fmt"
	"time"
)

func main() {
	go func() {
		time.Sleep(200 * time.Millisecond)
		fmt.Println("Work is done.")
	}()
	fmt.Println("Main is done.")
}
