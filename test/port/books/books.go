// Package books keeps books in a database that is handed in.
package books

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrSold is returned for a book that is not there any more.
var ErrSold = errors.New("sold")

// A Book is a row of the table.
type Book struct {
	ID    int64
	Title string
	Price float64
}

// Create makes the table.
func Create(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, price REAL)")
	return err
}

// Add adds a book and returns its number.
func Add(ctx context.Context, db *sql.DB, title string, price float64) (int64, error) {
	res, err := db.ExecContext(ctx, "INSERT INTO book (title, price) VALUES (?, ?)", title, price)
	if err != nil {
		return 0, fmt.Errorf("adding %q: %w", title, err)
	}
	return res.LastInsertId()
}

// Cheaper lists the books below a price.
func Cheaper(ctx context.Context, db *sql.DB, price float64) ([]Book, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, title, price FROM book WHERE price < ? ORDER BY price", price)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var books []Book
	for rows.Next() {
		var b Book
		if err := rows.Scan(&b.ID, &b.Title, &b.Price); err != nil {
			return nil, err
		}
		books = append(books, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return books, nil
}

// Find finds a book by its number.
func Find(ctx context.Context, db *sql.DB, id int64) (*Book, error) {
	b := &Book{ID: id}
	err := db.QueryRowContext(ctx, "SELECT title, price FROM book WHERE id = ?", id).Scan(&b.Title, &b.Price)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrSold
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Sell takes a book out, if the buyer has enough.
func Sell(ctx context.Context, db *sql.DB, id int64, money float64) (rest float64, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	var price float64
	if err := tx.QueryRowContext(ctx, "SELECT price FROM book WHERE id = ?", id).Scan(&price); err != nil {
		return 0, fmt.Errorf("book %d: %w", id, err)
	}
	if price > money {
		return 0, fmt.Errorf("book %d costs %v", id, price)
	}
	res, err := tx.ExecContext(ctx, "DELETE FROM book WHERE id = ?", id)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return 0, fmt.Errorf("%d rows: %w", n, err)
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	return money - price, nil
}

// Report does all of it, and prints what comes out.
func Report(ctx context.Context, db *sql.DB) {
	fmt.Println(Create(ctx, db))
	for _, b := range []Book{{Title: "Blue Train", Price: 56.99}, {Title: "Jeru", Price: 17.99}, {Title: "Giant Steps", Price: 63.5}} {
		id, err := Add(ctx, db, b.Title, b.Price)
		fmt.Println(id, err)
	}
	books, err := Cheaper(ctx, db, 60)
	for _, b := range books {
		fmt.Println(b.ID, b.Title, b.Price)
	}
	fmt.Println(err)
	fmt.Println(Sell(ctx, db, 1, 20))
	fmt.Println(Sell(ctx, db, 1, 60))
	_, err = Sell(ctx, db, 1, 60)
	fmt.Println(err, errors.Is(err, sql.ErrNoRows))
	_, err = Find(ctx, db, 1)
	fmt.Println(err, errors.Is(err, ErrSold))
	if b, err := Find(ctx, db, 2); err == nil {
		fmt.Println(b.Title, b.Price)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = Cheaper(canceled, db, 60)
	fmt.Println(errors.Is(err, context.Canceled))
}
