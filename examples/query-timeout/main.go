// A query with a timeout: one that is in time, and an endless one that the database stops at the deadline.
// After "Canceling in-progress operations" in Go's documentation.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

var db = sql.OpenDB(connector{})

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'none', max(i) FROM n"

func queryWithTimeout(ctx context.Context, timeout time.Duration, query string) error {
	// Create a Context with a timeout.
	queryCtx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	// Pass the timeout Context with a query.
	rows, err := db.QueryContext(queryCtx, query)
	if err != nil {
		return err
	}
	defer rows.Close()

	// Handle returned rows.
	for rows.Next() {
		var title string
		var price float64
		if err := rows.Scan(&title, &price); err != nil {
			return err
		}
		fmt.Printf("%s: $%v\n", title, price)
	}
	return rows.Err()
}

func main() {
	ctx := context.Background()

	if err := queryWithTimeout(ctx, 5*time.Second, "SELECT * FROM album"); err != nil {
		fmt.Println("failed:", err)
	}

	err := queryWithTimeout(ctx, 100*time.Millisecond, endless)
	fmt.Println("the endless query:", err)
	fmt.Println("because of its deadline:", errors.Is(err, context.DeadlineExceeded))
	fmt.Println("connections in use:", db.Stats().InUse)
}
