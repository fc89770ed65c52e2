package main

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Stands in for the server of a model: it answers with server-sent events, a token each. A long story stops after 20 of
// its 1000 tokens until the client leaves, as a real one's next token is always still to come.
type model struct {
	url     string
	holding chan struct{}
	cut     chan cut
}

// A cut is an answer whose client has left.
type cut struct {
	sent, planned int
	at            time.Time
}

const storyTokens, hold = 1000, 20

func startModel() *model {
	m := &model{holding: make(chan struct{}, 1), cut: make(chan cut, 1)}
	m.url = serve(m)
	return m
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Messages []string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		w.WriteHeader(400)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	say := func(event map[string]any) {
		data, _ := json.Marshal(event)
		fmt.Fprintf(w, "data: %s\n\n", data)
		w.(http.Flusher).Flush()
	}
	last := asked.Messages[len(asked.Messages)-1]
	switch {
	case strings.HasPrefix(last, "Write"):
		for range hold {
			say(map[string]any{"token": "once "})
		}
		m.holding <- struct{}{}
		<-r.Context().Done()
		m.cut <- cut{hold, storyTokens, time.Now()}
		return
	case strings.HasPrefix(last, "Count"):
		say(map[string]any{"call": call{"run", "sleep 60 & (sleep 60 & sleep 60) & echo started; wait"}})
		say(map[string]any{"call": call{"query", endless}})
		say(map[string]any{"call": call{"ask", "Write a long story."}})
	case strings.HasPrefix(last, "How"):
		say(map[string]any{"call": call{"run", "echo 3"}})
		say(map[string]any{"call": call{"query", "SELECT 5"}})
	default:
		for _, token := range []string{"I", " was", " told:", " " + strings.Join(asked.Messages[1:], ", ")} {
			say(map[string]any{"token": token})
		}
	}
	io.WriteString(w, "data: [DONE]\n\n")
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

// A driver with one number in it, and a query that never ends by itself: all that the program needs of a database.
type connector struct{}

func (connector) Connect(context.Context) (driver.Conn, error) { return conn{}, nil }
func (connector) Driver() driver.Driver                        { return nil }

type conn struct{}

func (conn) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }
func (conn) Begin() (driver.Tx, error)           { return nil, driver.ErrSkip }
func (conn) Close() error                        { return nil }

func (conn) QueryContext(ctx context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	if query == endless {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &rows{left: 1}, nil
}

type rows struct{ left int }

func (*rows) Columns() []string { return []string{"n"} }
func (*rows) Close() error      { return nil }

func (r *rows) Next(dest []driver.Value) error {
	if r.left == 0 {
		return io.EOF
	}
	r.left--
	dest[0] = int64(5)
	return nil
}
