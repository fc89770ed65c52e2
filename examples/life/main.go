// Conway's game of life without a board: each of the 64 cells is a goroutine that talks to its eight neighbors by
// channels only. In every generation a cell tells its neighbors how it is, hears how they are, and decides.
package main

import "fmt"

const size, generations = 8, 4

var directions = [8][2]int{{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}, {0, 1}, {1, -1}, {1, 0}, {1, 1}}

type neighborhood struct {
	to, from [8]chan bool
}

func cell(alive bool, near neighborhood, report chan<- bool) {
	for range generations {
		report <- alive
		for _, neighbor := range near.to {
			neighbor <- alive
		}
		count := 0
		for _, neighbor := range near.from {
			if <-neighbor {
				count++
			}
		}
		alive = count == 3 || alive && count == 2
	}
}

func main() {
	start := [size]string{
		".#......",
		"..#.....",
		"###.....",
		"........",
		"........",
		".....#..",
		".....#..",
		".....#..",
	}

	// One channel with one place for every pair of neighbors and direction; the board is round at its edges.
	var cells [size][size]neighborhood
	var reports [size][size]chan bool
	for y := range size {
		for x := range size {
			for i, d := range directions {
				ch := make(chan bool, 1)
				cells[y][x].to[i] = ch
				cells[(y+d[0]+size)%size][(x+d[1]+size)%size].from[i] = ch
			}
		}
	}
	for y := range size {
		for x := range size {
			reports[y][x] = make(chan bool)
			go cell(start[y][x] == '#', cells[y][x], reports[y][x])
		}
	}

	for generation := range generations {
		fmt.Println("generation", generation)
		for y := range size {
			row := ""
			for x := range size {
				if <-reports[y][x] {
					row += "#"
				} else {
					row += "."
				}
			}
			fmt.Println(row)
		}
	}
}
