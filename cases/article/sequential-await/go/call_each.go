// A call waits for its end: each step begins when the one before is done.
package main

import (
	"fmt"
	"time"
)

func step(number int) {
	fmt.Printf("Step %d starting.\n", number)
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("Step %d done.\n", number)
}

func main() {
	for _, number := range []int{1, 2, 3} {
		step(number)
	}
}
