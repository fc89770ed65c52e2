// Command run gives the books a database that knows only their statements.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"sort"
	"strings"

	"example.com/books"
)

type book struct {
	id    int64
	title string
	price float64
}

// A database is one table. A transaction changes a copy.
type database struct {
	books, before []book
	last          int64
}

func (d *database) Connect(context.Context) (driver.Conn, error) { return &conn{d}, nil }
func (d *database) Driver() driver.Driver                        { return nil }

type conn struct{ db *database }

func (c *conn) Prepare(string) (driver.Stmt, error) { return nil, fmt.Errorf("not prepared") }
func (c *conn) Close() error                        { return nil }
func (c *conn) Begin() (driver.Tx, error) {
	c.db.before = append([]book(nil), c.db.books...)
	return c, nil
}
func (c *conn) Commit() error   { return nil }
func (c *conn) Rollback() error { c.db.books = c.db.before; return nil }

type result struct{ id, rows int64 }

func (r result) LastInsertId() (int64, error) { return r.id, nil }
func (r result) RowsAffected() (int64, error) { return r.rows, nil }

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	switch {
	case strings.HasPrefix(query, "INSERT"):
		c.db.last++
		c.db.books = append(c.db.books, book{c.db.last, args[0].Value.(string), args[1].Value.(float64)})
		return result{c.db.last, 1}, nil
	case strings.HasPrefix(query, "DELETE"):
		var rest []book
		for _, b := range c.db.books {
			if b.id != args[0].Value.(int64) {
				rest = append(rest, b)
			}
		}
		n := len(c.db.books) - len(rest)
		c.db.books = rest
		return result{0, int64(n)}, nil
	}
	return result{}, nil
}

type rows struct {
	columns []string
	list    [][]driver.Value
}

func (r *rows) Columns() []string { return r.columns }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if len(r.list) == 0 {
		return io.EOF
	}
	copy(dest, r.list[0])
	r.list = r.list[1:]
	return nil
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	r := &rows{columns: strings.Split(query[len("SELECT "):strings.Index(query, " FROM")], ", ")}
	sorted := append([]book(nil), c.db.books...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].price < sorted[j].price })
	for _, b := range sorted {
		switch v := args[0].Value.(type) {
		case int64:
			if b.id != v {
				continue
			}
		case float64:
			if b.price >= v {
				continue
			}
		}
		var row []driver.Value
		for _, name := range r.columns {
			row = append(row, map[string]driver.Value{"id": b.id, "title": b.title, "price": b.price}[name])
		}
		r.list = append(r.list, row)
	}
	return r, nil
}

func main() {
	books.Report(context.Background(), sql.OpenDB(&database{}))
}
