// Four workers that share a queue are a pool of four threads again.
package main

import (
	"fmt"
	"sync"
	"syscall"
	"time"
)

// newPipe makes a pipe that Go does not know of: a read of it blocks in the kernel.
func newPipe() (source, sink int) {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	return ends[0], ends[1]
}

func read(name string, source int) {
	if _, err := syscall.Read(source, make([]byte, 1)); err != nil {
		panic(err)
	}
	fmt.Println(name, "done.")
}

func write(sink int) {
	if _, err := syscall.Write(sink, []byte("x")); err != nil {
		panic(err)
	}
}

func main() {
	var reads sync.WaitGroup
	queue := make(chan func(), 5)
	for worker := 0; worker < 4; worker++ {
		go func() {
			for read := range queue {
				read()
			}
		}()
	}
	start := func(name string, source int) {
		fmt.Println(name, "starting.")
		reads.Add(1)
		queue <- func() {
			defer reads.Done()
			read(name, source)
		}
	}
	var sinks []int
	for number := 0; number < 4; number++ {
		source, sink := newPipe()
		sinks = append(sinks, sink)
		start(fmt.Sprintf("Slow read %d", number), source)
	}
	source, sink := newPipe()
	write(sink)
	start("Quick read", source)

	time.Sleep(1500 * time.Millisecond)
	for _, sink := range sinks {
		write(sink)
	}
	reads.Wait()
}
