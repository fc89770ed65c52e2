// A systolic array: nine cells multiply two matrices while the numbers stream through them, from the left and from
// above. The arrangement that Hoare gives in his paper; each cell adds up the products of what passes through it.
package main

import "fmt"

const n = 3

// cell multiplies what comes from left and top, passes both on, and reports the sum at the end.
func cell(left, top <-chan int, right, bottom chan<- int, sum chan<- int) {
	total := 0
	for range n {
		a, b := <-left, <-top
		total += a * b
		right <- a
		bottom <- b
	}
	sum <- total
}

func feed(out chan<- int, values [n]int) {
	for _, v := range values {
		out <- v
	}
}

func drain(in <-chan int) {
	for range n {
		<-in
	}
}

func multiply(a, b [n][n]int) (product [n][n]int) {
	var rows, columns [n][n + 1]chan int // rows[i][j] leads into cell i, j from the left, columns[j][i] from above
	for i := range n {
		for j := range n + 1 {
			rows[i][j], columns[i][j] = make(chan int), make(chan int)
		}
	}
	var sums [n][n]chan int
	for i := range n {
		for j := range n {
			sums[i][j] = make(chan int)
			go cell(rows[i][j], columns[j][i], rows[i][j+1], columns[j][i+1], sums[i][j])
		}
	}
	for i := range n {
		var column [n]int
		for k := range n {
			column[k] = b[k][i]
		}
		go feed(rows[i][0], a[i])
		go feed(columns[i][0], column)
		go drain(rows[i][n])
		go drain(columns[i][n])
	}
	for i := range n {
		for j := range n {
			product[i][j] = <-sums[i][j]
		}
	}
	return product
}

func main() {
	a := [n][n]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	b := [n][n]int{{9, 8, 7}, {6, 5, 4}, {3, 2, 1}}
	for _, row := range multiply(a, b) {
		fmt.Println(row[0], row[1], row[2])
	}
}
