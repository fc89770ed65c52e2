// What os/exec does in its corners. main.ts does the same with this library; output.txt is what both print.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

func show(what string, results ...any) {
	fmt.Println(what)
	for _, result := range results {
		if text, ok := result.([]byte); ok {
			result = string(text)
		}
		if text, ok := result.(string); ok {
			wd, _ := os.Getwd()
			result = strings.TrimSpace(strings.ReplaceAll(text, wd, "WD"))
		}
		if result == nil {
			result = "no error"
		}
		fmt.Printf("  %v\n", result)
	}
}

func main() {
	os.Mkdir("folder", 0o755)
	os.WriteFile("plain", []byte("#!/bin/sh\n"), 0o644)
	os.WriteFile("folder/prog", []byte("#!/bin/sh\necho $0 $PWD\n"), 0o755)
	os.WriteFile("folder/where", []byte("#!/bin/sh\necho $PWD\n"), 0o755)
	os.WriteFile("lost", []byte("#!/no/interpreter\n"), 0o755)

	os.Symlink("loop", "loop")
	busy, _ := os.OpenFile("busy", os.O_RDWR|os.O_CREATE, 0o755)

	long := "./" + strings.Repeat("n", 300)
	for _, name := range []string{"", ".", "..", "./plain", "./folder", "./none", "folder/prog", "./plain/x", "./loop", long, "a\u200b\a\x1b"} {
		path, err := exec.LookPath(name)
		show("lookPath "+name, path, err)
	}
	for _, name := range []string{"./plain", "./folder", "./none", "/no/program", "./lost", "./plain/x", "no-program", "", "./loop", long, "./busy"} {
		cmd := exec.Command(name)
		err := cmd.Err
		show("command "+name, cmd.Path, err, cmd.Run(), cmd.String())
		out, err := exec.Command(name).CombinedOutput()
		show("with both outputs", out, err)
	}
	busy.Close()

	cmd := exec.Command("./prog")
	cmd.Dir = "folder"
	out, err := cmd.Output()
	show("a path in dir", out, err)
	cmd = exec.Command("sh", "-c", "echo $PWD")
	cmd.Path, cmd.Dir = "where", "folder"
	out, err = cmd.Output()
	show("a path without a slash in dir", out, err)
	for _, dir := range []string{"none", "plain"} {
		cmd = exec.Command("env")
		cmd.Path, cmd.Dir = "/bin/sh", dir
		show("dir "+dir, cmd.Run())
	}

	cmd = exec.Command("env")
	cmd.Env, cmd.Dir = []string{"A=1", "B=", "A=2=3"}, "folder"
	out, err = cmd.Output()
	show("env", fmt.Sprint(cmd.Environ()), strings.ReplaceAll(string(out), "\n", " "), err)
	cmd = exec.Command("env")
	cmd.Env = []string{"A=1\x00", "B=2"}
	show("env with NUL", fmt.Sprint(cmd.Environ()), cmd.Run())
	cmd = exec.Command("env")
	cmd.Env = []string{}
	out, err = cmd.CombinedOutput()
	show("no env", out, err)

	cmd = exec.Command("cat")
	in, _ := cmd.StdinPipe()
	pipe, _ := cmd.StdoutPipe()
	show("start, twice", cmd.Start(), cmd.Start())
	io.WriteString(in, "hello")
	in.Close()
	out, err = io.ReadAll(pipe)
	show("its pipes", out, err, cmd.Wait(), cmd.Wait())
	cmd = exec.Command("no-program")
	show("a start that fails, twice", cmd.Start(), cmd.Start(), cmd.Wait())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cmd = exec.CommandContext(ctx, "true")
	show("a context that has ended", cmd.Start(), cmd.Start())
	show("and no program", exec.CommandContext(ctx, "no-program").Run())

	cmd = exec.Command("true")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("x"), io.Discard, io.Discard
	_, err = cmd.StdinPipe()
	_, err1 := cmd.StdoutPipe()
	_, err2 := cmd.StderrPipe()
	_, err3 := cmd.Output()
	_, err4 := cmd.CombinedOutput()
	show("set already", err, err1, err2, err3, err4)
	cmd = exec.Command("true")
	cmd.Start()
	_, err = cmd.StdinPipe()
	_, err1 = cmd.StdoutPipe()
	_, err2 = cmd.StderrPipe()
	show("too late", err, err1, err2, cmd.Wait(), cmd.Process.Signal(os.Interrupt), cmd.Process.Kill(), cmd.ProcessState)

	var collected strings.Builder
	var exit *exec.ExitError
	cmd = exec.Command("sh", "-c", "echo oops >&2; exit 3")
	cmd.Stderr = &collected
	_, err = cmd.Output()
	errors.As(err, &exit)
	show("stderr is set", err, len(exit.Stderr), collected.String())
	out, err = exec.Command("sh", "-c", "echo a; echo b >&2; echo c; exit 1").CombinedOutput()
	show("both", strings.ReplaceAll(string(out), "\n", " "), err)
	out, err = exec.Command("cat").Output()
	show("no input", out, err)
	cmd = exec.Command("/bin/sh", "-c", "echo $0")
	cmd.Args = []string{"another", "-c", "echo $0"}
	out, err = cmd.Output()
	show("another name", out, err)
	cmd = exec.Command("cat", "/proc/self/cmdline")
	cmd.Args[0] = "another"
	out, err = cmd.CombinedOutput()
	show("with both outputs", strings.ReplaceAll(string(out), "\x00", " "), err)
	cmd = exec.Command("env")
	cmd.Env = []string{"INPUT_NODE-VERSION=26", "a.b=c", "PWD=/no/folder"}
	out, err = cmd.CombinedOutput()
	show("names of variables that no shell knows", strings.ReplaceAll(string(out), "\n", " "), err)
	cmd = exec.Command("/bin/sh", "-c", "exit 1")
	cmd.Args = nil
	show("no args", cmd.Run())
	err = exec.Command("/bin/true", strings.Repeat("x", 200_000)).Run()
	show("a long argument", err)

	arbitrary := errors.New("arbitrary error")
	for _, script := range []string{"read line; exit 0", "read line; exit 1"} {
		for _, result := range []error{nil, arbitrary, os.ErrProcessDone, fmt.Errorf("%w: late", os.ErrProcessDone)} {
			ctx, cancel := context.WithCancel(context.Background())
			cmd := exec.CommandContext(ctx, "sh", "-c", script)
			in, _ := cmd.StdinPipe()
			cmd.Cancel = func() error { in.Close(); return result }
			cmd.Start()
			cancel()
			err := cmd.Wait()
			show(script+", canceled with", result, err, errors.Is(err, arbitrary))
		}
	}
}
