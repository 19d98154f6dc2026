// A goroutine that panics with nil.
package main

import "fmt"

func main() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() {
			if recover() != nil {
				fmt.Println("Error noticed.")
			} else {
				fmt.Println("All is well.")
			}
		}()
		panic(nil)
	}()
	<-done
}
