package main

import (
	"context"
	"database/sql/driver"
	"io"
	"strings"
)

// A driver with three albums in it, and a query that never ends by itself: all that the program needs of a database.
type connector struct{}

func (connector) Connect(context.Context) (driver.Conn, error) { return conn{}, nil }
func (connector) Driver() driver.Driver                        { return nil }

type conn struct{}

func (conn) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }
func (conn) Begin() (driver.Tx, error)           { return nil, driver.ErrSkip }
func (conn) Close() error                        { return nil }

func (conn) QueryContext(ctx context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	if strings.Contains(query, "RECURSIVE") {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &rows{}, nil
}

var albums = []struct {
	title string
	price float64
}{{"Blue Train", 56.99}, {"Giant Steps", 63.99}, {"Jeru", 17.99}}

type rows struct{ next int }

func (*rows) Columns() []string { return []string{"title", "price"} }
func (*rows) Close() error      { return nil }

func (r *rows) Next(dest []driver.Value) error {
	if r.next == len(albums) {
		return io.EOF
	}
	dest[0], dest[1] = albums[r.next].title, albums[r.next].price
	r.next++
	return nil
}
