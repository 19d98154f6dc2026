// A channel that nobody sends to.
package main

import "fmt"

func main() {
	fmt.Println("Main waits.")
	<-make(chan int)
}
