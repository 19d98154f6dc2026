// A WaitGroup waits for all: the error that was there first is told last.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
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
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error fetching data:", err)
	}
	return data, err
}

func main() {
	var requests sync.WaitGroup
	errs := make(chan error, 2)
	for _, path := range []string{"/data1", "/data2"} {
		path := path
		requests.Add(1)
		go func() {
			defer requests.Done()
			if _, err := fetch(context.Background(), path); err != nil {
				errs <- err
			}
		}()
	}
	requests.Wait()
	close(errs)
	if err := <-errs; err != nil {
		fmt.Fprintln(os.Stderr, "All operations failed as an error occurred")
	}
}
