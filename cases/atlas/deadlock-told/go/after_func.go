// A function that is to run much later: it might do anything.
package main

import (
	"fmt"
	"time"
)

func main() {
	time.AfterFunc(time.Hour, func() {})
	fmt.Println("Main waits.")
	<-make(chan int)
}
