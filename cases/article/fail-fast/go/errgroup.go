// An errgroup.Group is a WaitGroup that keeps the first error: it tells of it when all are done.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

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
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error fetching data:", err)
	}
	return data, err
}

func main() {
	var requests errgroup.Group
	for _, path := range []string{"/data1", "/data2"} {
		path := path
		requests.Go(func() error {
			_, err := fetch(context.Background(), path)
			return err
		})
	}
	if err := requests.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "All operations failed as an error occurred")
	}
}
