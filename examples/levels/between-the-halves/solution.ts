// The transfer holds both locks over both halves. Auditor and transfer take them in the same order.
import { gosched, main, sync } from "gocsp";

type Account = { mu: sync.Mutex; money: number };

const accounts: [Account, Account] = [
  { mu: new sync.Mutex(), money: 100 },
  { mu: new sync.Mutex(), money: 100 },
];

const transfer = async (amount: number) => {
  using _1 = await accounts[0].mu.lock();
  using _2 = await accounts[1].mu.lock();
  accounts[0].money -= amount;
  await gosched(); // calls the other branch
  accounts[1].money += amount;
};

const audit = async () => {
  using _1 = await accounts[0].mu.lock();
  using _2 = await accounts[1].mu.lock();
  const sum = accounts[0].money + accounts[1].money;
  if (sum !== 200) throw new Error(`the bank has ${sum}`);
  console.log("the books are right");
};

main(async () => {
  const both = new sync.WaitGroup();
  both.go(transfer, 10);
  both.go(audit);
  await both.wait();
});
