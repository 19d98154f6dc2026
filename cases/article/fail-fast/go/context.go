// The first error cancels the context, and a request that honours it is dropped.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// get returns the body of the answer, or an error where its status is 400 or more.
func get(ctx context.Context, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, "GET", os.Getenv("REPRO_STAND_IN")+path, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode >= 400 {
		return "", fmt.Errorf("HTTP error! Status: %d", response.StatusCode)
	}
	return string(body), err
}

func fetch(ctx context.Context, path string) (string, error) {
	data, err := get(ctx, path)
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "Error fetching data:", err)
	}
	return data, err
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	errs := make(chan error, 2)
	for _, path := range []string{"/data1", "/data2"} {
		path := path
		go func() {
			_, err := fetch(ctx, path)
			errs <- err
		}()
	}
	if err := <-errs; err != nil {
		cancel()
		fmt.Fprintln(os.Stderr, "All operations failed as an error occurred")
	}
	<-errs
	// The end of the program would drop the request too: go on until long after its answer was due.
	time.Sleep(2 * time.Second)
	fmt.Println("The program went on.")
}
