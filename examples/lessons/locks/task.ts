// There is a lock, and it is let go too early. Make reading and writing one.
import { gosched, main, sync } from "gocsp";

const mu = new sync.Mutex();
let balance = 0;

const read = async (): Promise<number> => {
  using _ = await mu.lock();
  return balance;
};

const write = async (amount: number) => {
  using _ = await mu.lock();
  balance = amount;
};

const payIn = async (amount: number) => {
  const before = await read();
  await gosched(); // the ledger is slow
  await write(before + amount);
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(payIn, 10);
  wg.go(payIn, 20);
  await wg.wait();
  console.log("balance:", balance);
});
