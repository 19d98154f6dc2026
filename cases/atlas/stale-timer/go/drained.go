// The timer fires while nobody receives, and is drained and reset.
package main

import (
	"fmt"
	"time"
)

func main() {
	timer := time.NewTimer(time.Millisecond)
	time.Sleep(30 * time.Millisecond)
	if !timer.Stop() {
		select {
		case <-timer.C:
		default:
		}
	}
	timer.Reset(time.Hour)
	pause := time.After(30 * time.Millisecond)
	for {
		select {
		case <-timer.C:
			fmt.Println("Timer fired.")
		case <-pause:
			fmt.Println("Pause is over.")
			return
		}
	}
}
