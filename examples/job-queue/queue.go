package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// rejected is the error of a job that is not to be tried again.
type rejected string

func (r rejected) Error() string { return string(r) }

type deadJob struct{ id, reason string }

// queue holds jobs until they are done.
type queue struct {
	ready       chan string
	maxAttempts int
	backoff     time.Duration
	attempts    map[string]int
	// dead are the jobs that nobody tries any more, the latest first.
	dead []deadJob

	mu      sync.Mutex
	cancels map[string]context.CancelCauseFunc
}

func newQueue(maxAttempts int, backoff time.Duration) *queue {
	return &queue{
		ready:       make(chan string, 100),
		maxAttempts: maxAttempts,
		backoff:     backoff,
		attempts:    map[string]int{},
		cancels:     map[string]context.CancelCauseFunc{},
	}
}

func (q *queue) send(id string) { q.ready <- id }

// cancel ends the context of a job that runs.
func (q *queue) cancel(id, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.cancels[id](errors.New("canceled: " + reason))
}

// handle calls f for each job, one at a time, until ctx ends; then it closes the channel that it returns.
func (q *queue) handle(ctx context.Context, f func(ctx context.Context, id string, attempt int) error) <-chan struct{} {
	handled := make(chan struct{})
	go func() {
		defer close(handled)
		for ctx.Err() == nil {
			select {
			case id := <-q.ready:
				q.work(id, f)
			case <-ctx.Done():
			}
		}
	}()
	return handled
}

func (q *queue) work(id string, f func(ctx context.Context, id string, attempt int) error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	q.mu.Lock()
	q.cancels[id] = cancel
	q.mu.Unlock()
	q.attempts[id]++
	err := f(ctx, id, q.attempts[id])
	var reason rejected
	switch {
	case err == nil:
	case ctx.Err() != nil:
		q.bury(id, context.Cause(ctx).Error())
	case errors.As(err, &reason):
		q.bury(id, reason.Error())
	case q.attempts[id] == q.maxAttempts:
		q.bury(id, "attempts exhausted")
	default:
		time.AfterFunc(q.backoff, func() { q.send(id) })
	}
}

func (q *queue) bury(id, reason string) {
	q.dead = append([]deadJob{{id, reason}}, q.dead...)
}
