// A chat room: one goroutine owns the list of members and hands every line to all of them; joining and leaving are
// messages like any other. A member who does not keep up loses lines, and never holds up the room.
package main

import "fmt"

type member struct {
	name  string
	lines chan string
}

type line struct{ from, text string }

type room struct {
	join  chan *member
	leave chan *member
	say   chan line
	quit  chan chan struct{}
}

func newRoom() *room {
	r := &room{make(chan *member), make(chan *member), make(chan line), make(chan chan struct{})}
	go r.run()
	return r
}

func (r *room) run() {
	var members []*member
	tell := func(text string) {
		for _, m := range members {
			select {
			case m.lines <- text:
			default: // the mailbox is full: the line is lost for this member
			}
		}
	}
	for {
		select {
		case m := <-r.join:
			members = append(members, m)
			tell(m.name + " joins")
		case m := <-r.leave:
			for i, other := range members {
				if other == m {
					members = append(members[:i], members[i+1:]...)
					close(m.lines)
					tell(m.name + " leaves")
					break
				}
			}
		case l := <-r.say:
			tell(l.from + ": " + l.text)
		case done := <-r.quit:
			for _, m := range members {
				close(m.lines)
			}
			close(done)
			return
		}
	}
}

func (r *room) enter(name string, mailbox int) *member {
	m := &member{name, make(chan string, mailbox)}
	r.join <- m
	return m
}

func main() {
	r := newRoom()
	ann := r.enter("ann", 10)
	bob := r.enter("bob", 10)
	r.say <- line{"ann", "hello bob"}
	r.say <- line{"bob", "hello ann"}
	tim := r.enter("tim", 2) // reads nothing, and has room for two lines
	r.say <- line{"ann", "hello tim"}
	r.say <- line{"bob", "he does not listen"}
	r.leave <- bob
	r.leave <- bob // twice does no harm
	r.say <- line{"ann", "bye"}
	done := make(chan struct{})
	r.quit <- done
	<-done

	for _, m := range []*member{ann, bob, tim} {
		fmt.Println(m.name, "heard:")
		for text := range m.lines {
			fmt.Println(" ", text)
		}
	}
}
