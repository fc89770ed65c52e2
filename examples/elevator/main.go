// An elevator: a goroutine that owns its floor and its list of stops. To call it is to send, to get in is to wait until
// the doors open. It serves all stops in its direction before it turns round; while it moves, further calls come in.
package main

import "fmt"

const top = 6

type call struct {
	floor int
	doors chan struct{} // closed when the doors open there
}

type elevator struct {
	calls chan call
	clock chan bool // one floor per tick; the elevator answers whether the doors are open
}

func (e *elevator) run(floor int) {
	stops := map[int][]call{}
	direction := 1
	ahead := func() bool {
		for f := floor + direction; f >= 0 && f <= top; f += direction {
			if len(stops[f]) > 0 {
				return true
			}
		}
		return false
	}
	for {
		select {
		case c := <-e.calls:
			stops[c.floor] = append(stops[c.floor], c)
		case <-e.clock:
			if !ahead() {
				direction = -direction
				if !ahead() {
					e.clock <- false // nobody wants anything
					continue
				}
				fmt.Println("turns round on floor", floor)
			}
			floor += direction
			if len(stops[floor]) == 0 {
				e.clock <- false
				continue
			}
			fmt.Println("doors open on floor", floor)
			for _, c := range stops[floor] {
				close(c.doors)
			}
			delete(stops, floor)
			e.clock <- true
		}
	}
}

func main() {
	e := &elevator{make(chan call), make(chan bool)}
	go e.run(2)

	press := func(floor int) <-chan struct{} {
		c := call{floor, make(chan struct{})}
		e.calls <- c
		return c.doors
	}
	tick := func() bool {
		e.clock <- true
		return <-e.clock
	}
	// ride ticks the clock until the doors open.
	ride := func(doors <-chan struct{}) {
		for {
			select {
			case <-doors:
				return
			default:
				tick()
			}
		}
	}

	fifth, ground := press(5), press(0)
	fmt.Println("doors are open:", tick())
	fourth := press(4) // on the way
	third := press(3)  // already there: it has to come back
	again := press(3)
	ride(fourth)
	ride(fifth)
	ride(third)
	<-again
	ride(ground)
	fmt.Println("doors are open:", tick()) // nobody wants anything
	ride(press(6))
}
