// Watches a folder: changes come over a channel that drops the excess, and are gathered until there are none for a
// while, as in a build tool. Go's library has no watcher, so this program polls; Node's library has one.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const quiet = 100 * time.Millisecond

func main() {
	dir, err := os.MkdirTemp("", "file-watcher-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	changes := watch(ctx, dir)
	builds := gather(changes)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			panic(err)
		}
	}

	write("a.txt", "1")
	write("b.txt", "1")
	write("a.txt", "two")
	fmt.Println("build for", <-builds)

	write("c.txt", "1")
	fmt.Println("build for", <-builds)

	for i := range 100 {
		write("b.txt", strings.Repeat("x", i+2))
	}
	fmt.Println("build for", <-builds)

	stop()
	_, ok := <-builds
	fmt.Println("the watcher has ended:", !ok)
}

// watch sends the names of files that change, until ctx ends.
func watch(ctx context.Context, dir string) <-chan string {
	changes := make(chan string, 16)
	known := look(dir)
	go func() {
		defer close(changes)
		ticker := time.NewTicker(2 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			now := look(dir)
			for name, state := range now {
				if known[name] != state {
					select {
					case changes <- name:
					default:
					}
				}
			}
			known = now
		}
	}()
	return changes
}

func look(dir string) map[string]string {
	found := map[string]string{}
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			found[entry.Name()] = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
		}
	}
	return found
}

// gather sends the names of the files that have changed, when there has been no change for a while.
func gather(changes <-chan string) <-chan string {
	builds := make(chan string)
	go func() {
		defer close(builds)
		changed := map[string]bool{}
		var pause <-chan time.Time
		for {
			select {
			case name, ok := <-changes:
				if !ok {
					return
				}
				changed[name] = true
				pause = time.After(quiet)
			case <-pause:
				builds <- strings.Join(slices.Sorted(maps.Keys(changed)), ", ")
				clear(changed)
				pause = nil
			}
		}
	}()
	return builds
}
