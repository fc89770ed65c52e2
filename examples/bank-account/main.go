// A bank account as a goroutine: the balance is a local variable, and every deposit, withdrawal and question is a
// message. The case that takes a withdrawal is disabled while the account is empty: whoever wants money waits until
// some is there.
package main

import "fmt"

type account struct {
	deposit  chan int
	withdraw chan int // what the account gives: up to ten at a time
	balance  chan chan<- int
	close    chan struct{}
}

func open() *account {
	a := &account{make(chan int), make(chan int), make(chan chan<- int), make(chan struct{})}
	go func() {
		balance := 0
		for {
			var withdraw chan<- int
			if balance > 0 {
				withdraw = a.withdraw
			}
			amount := min(balance, 10)
			select {
			case n := <-a.deposit:
				balance += n
			case withdraw <- amount:
				balance -= amount
			case reply := <-a.balance:
				reply <- balance
			case <-a.close:
				close(a.withdraw)
				return
			}
		}
	}()
	return a
}

func (a *account) ask() int {
	reply := make(chan int)
	a.balance <- reply
	return <-reply
}

func main() {
	a := open()
	fmt.Println("balance:", a.ask())

	// A hundred depositors at once: no coin is lost.
	done := make(chan struct{})
	for n := range 100 {
		go func() {
			a.deposit <- n
			done <- struct{}{}
		}()
	}
	for range 100 {
		<-done
	}
	fmt.Println("balance:", a.ask())
	fmt.Println("withdrawn:", <-a.withdraw, <-a.withdraw)
	fmt.Println("balance:", a.ask())

	// Take everything, then wait for more.
	for a.ask() > 0 {
		<-a.withdraw
	}
	got := make(chan int)
	go func() { got <- <-a.withdraw }()
	a.deposit <- 7
	fmt.Println("waited for:", <-got)

	close(a.close)
	_, ok := <-a.withdraw
	fmt.Println("still open:", ok)
}
