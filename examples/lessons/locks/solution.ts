// The lock belongs to the whole of what must not be interrupted, not to each access.
import { gosched, main, sync } from "gocsp";

const mu = new sync.Mutex();
let balance = 0;

const payIn = async (amount: number) => {
  using _ = await mu.lock();
  const before = balance;
  await gosched(); // the ledger is slow
  balance = before + amount;
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(payIn, 10);
  wg.go(payIn, 20);
  await wg.wait();
  console.log("balance:", balance);
});
