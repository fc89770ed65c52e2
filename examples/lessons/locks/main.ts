// Two goroutines pay into one account. The lock is held from the reading to the writing, so one waits for the other.
import { gosched, main, sync } from "gocsp";

const mu = new sync.Mutex();
let balance = 0;

const payIn = async (name: string, amount: number) => {
  using _ = await mu.lock();
  const before = balance;
  await gosched(); // the ledger is slow
  balance = before + amount;
  console.log(name, "pays in", amount);
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(payIn, "ann", 10);
  wg.go(payIn, "bob", 20);
  await wg.wait();
  console.log("balance:", balance);
});
