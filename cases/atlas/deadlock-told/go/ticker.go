// A ticker that nobody reads.
package main

import (
	"fmt"
	"time"
)

func main() {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	fmt.Println("Main waits.")
	<-make(chan int)
}
