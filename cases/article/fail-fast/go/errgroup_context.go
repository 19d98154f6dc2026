// The first error of a group cancels its context, and a request that honours it is dropped.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
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
	// A cancelled request has an error too, since Go 1.23 that of the other: it is told once.
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "Error fetching data:", err)
	}
	return data, err
}

func main() {
	requests, ctx := errgroup.WithContext(context.Background())
	for _, path := range []string{"/data1", "/data2"} {
		path := path
		requests.Go(func() error {
			_, err := fetch(ctx, path)
			return err
		})
	}
	if err := requests.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "All operations failed as an error occurred")
	}
	// The end of the program would drop the request too: go on until long after its answer was due.
	time.Sleep(2 * time.Second)
	fmt.Println("The program went on.")
}
