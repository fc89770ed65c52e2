package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxTokens is the limit for one answer of the model, allTokens for the whole run.
const maxTokens, allTokens = 1000, 3000

type agent struct {
	model    *model
	db       *sql.DB
	budget   *budget
	started  chan struct{} // one value for each tool that is at work
	finished chan error
	mu       sync.Mutex
	outcomes map[string]string
	ends     map[string]time.Time
}

func newAgent(m *model) *agent {
	return &agent{
		model:    m,
		db:       sql.OpenDB(connector{}),
		budget:   newBudget(allTokens),
		started:  make(chan struct{}, 2),
		finished: make(chan error, 1),
		outcomes: map[string]string{},
		ends:     map[string]time.Time{},
	}
}

// A call is a tool that the model wants to be used.
type call struct {
	Tool     string
	Argument string
}

// run sends the question to the model, uses the tools it calls, sends back the results, and so on until it answers.
func (a *agent) run(ctx context.Context, question string) (string, error) {
	messages := []string{question}
	for {
		text, calls, err := a.ask(ctx, messages)
		if err != nil || len(calls) == 0 {
			return text, err
		}
		for _, call := range calls {
			fmt.Println("  the model wants", call.Tool)
		}
		results := make([]string, len(calls))
		g, gctx := withContext(ctx, 3)
		for i, call := range calls {
			g.run(func() error {
				result, err := a.use(gctx, call)
				results[i] = call.Tool + ": " + result
				return err
			})
		}
		if err := g.wait(); err != nil {
			return "", err
		}
		messages = append(messages, results...)
	}
}

// use runs a tool.
func (a *agent) use(ctx context.Context, c call) (string, error) {
	var result string
	var err error
	switch c.Tool {
	case "run":
		result, err = a.shell(ctx, c.Argument)
	case "query":
		result, err = a.query(ctx, c.Argument)
	case "ask":
		result, _, err = a.ask(ctx, []string{c.Argument})
		a.note("ask", "stopped: "+fmt.Sprint(isOver(err)))
	default:
		err = errors.New("no tool " + c.Tool)
	}
	return result, err
}

// ask sends the messages to the model, and reads its answer as it comes.
func (a *agent) ask(ctx context.Context, messages []string) (string, []call, error) {
	if err := a.budget.acquire(ctx, maxTokens); err != nil {
		return "", nil, err
	}
	spent := 0
	defer func() { a.budget.release(maxTokens - spent) }()

	body, _ := json.Marshal(map[string]any{"messages": messages, "max_tokens": maxTokens})
	req, err := http.NewRequestWithContext(ctx, "POST", a.model.url, bytes.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer res.Body.Close()

	var text string
	var calls []call
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if data == "[DONE]" {
			return text, calls, nil
		}
		var event struct {
			Token string
			Call  *call
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			return "", nil, err
		}
		spent++
		text += event.Token
		if event.Call != nil {
			calls = append(calls, *event.Call)
		}
	}
	if err := lines.Err(); err != nil {
		return "", nil, err
	}
	return "", nil, io.ErrUnexpectedEOF
}

// shell runs a command and its child processes. The output ends when no process holds it open.
func (a *agent) shell(ctx context.Context, script string) (string, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	var text []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "started" {
			a.started <- struct{}{}
		} else {
			text = append(text, lines.Text())
		}
	}
	err = cmd.Wait()
	a.note("run", fmt.Sprint(err, ", and nobody holds its output"))
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return strings.Join(text, " "), err
}

// query asks the database for one number.
func (a *agent) query(ctx context.Context, text string) (string, error) {
	if strings.Contains(text, "RECURSIVE") {
		a.db.PingContext(ctx)
		a.started <- struct{}{}
	}
	var n int
	err := a.db.QueryRowContext(ctx, text).Scan(&n)
	a.note("query", fmt.Sprintf("stopped: %v, connections in use: %d", isOver(err), a.db.Stats().InUse))
	return fmt.Sprint(n), err
}

func isOver(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// note records the outcome of a tool, and when it ended.
func (a *agent) note(tool, outcome string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.outcomes[tool], a.ends[tool] = outcome, time.Now()
}

func (a *agent) finish(_ string, err error) { a.finished <- err }

// busy waits until all tools are at work.
func (a *agent) busy() {
	<-a.started
	<-a.started
	<-a.model.holding
}
