// Follows a log with tail -f: its lines come over a channel, and are counted by level, until the program has seen enough
// and stops the command, which would never end by itself.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	dir, err := os.MkdirTemp("", "log-follower-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	log := filepath.Join(dir, "app.log")
	write(log, "INFO starting", "WARN disk is slow")

	ctx, stop := context.WithCancel(context.Background())
	lines, ended := follow(ctx, log)
	counts := map[string]int{}
	see := func(n int) {
		for range n {
			level, _, _ := strings.Cut(<-lines, " ")
			counts[level]++
		}
		fmt.Println("seen so far:", counts["INFO"], "INFO,", counts["WARN"], "WARN,", counts["ERROR"], "ERROR")
	}
	see(2)

	for i := range 5 {
		write(log, fmt.Sprint("INFO request ", i), "ERROR no luck")
	}
	see(10)

	// Nothing comes any more, but tail waits: only its context ends it.
	select {
	case line := <-lines:
		fmt.Println("unexpected:", line)
	case <-time.After(50 * time.Millisecond):
		fmt.Println("the log is quiet")
	}
	stop()
	fmt.Println("tail has ended:", <-ended)
	_, ok := <-lines
	fmt.Println("the channel is closed:", !ok)
}

// follow returns the lines of a file as they are written, and how the command has ended.
func follow(ctx context.Context, file string) (<-chan string, <-chan error) {
	lines, ended := make(chan string), make(chan error, 1)
	cmd := exec.CommandContext(ctx, "tail", "-n", "+1", "-f", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		panic(err)
	}
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(out)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
			}
		}
		ended <- cmd.Wait()
	}()
	return lines, ended
}

func write(file string, lines ...string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, strings.Join(lines, "\n"))
}
