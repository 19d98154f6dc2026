// Without the word `go` it is a plain call, and the second waits for the first.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
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
	load()
	quickTask()
}
