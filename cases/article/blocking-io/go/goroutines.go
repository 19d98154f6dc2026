// The pitfall is not there: a goroutine that waits for an answer leaves its thread to the others.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

func load() {
	fmt.Println("Load starting.")
	response, err := http.Get(os.Getenv("REPRO_STAND_IN") + "/page")
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		panic(err)
	}
	fmt.Println("Load done.")
}

func quickTask() {
	fmt.Println("Quick task starting.")
	time.Sleep(200 * time.Millisecond)
	fmt.Println("Quick task done.")
}

func main() {
	var tasks sync.WaitGroup
	tasks.Add(2)
	go func() { defer tasks.Done(); load() }()
	go func() { defer tasks.Done(); quickTask() }()
	tasks.Wait()
}
