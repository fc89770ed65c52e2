// A transfer takes from one account and gives to the other. Each account has a lock of its own. An auditor adds them up.
import { gosched, main, sync } from "gocsp";

type Account = { mu: sync.Mutex; money: number };

const accounts: [Account, Account] = [
  { mu: new sync.Mutex(), money: 100 },
  { mu: new sync.Mutex(), money: 100 },
];

const change = async (account: Account, amount: number) => {
  using _ = await account.mu.lock();
  account.money += amount;
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
  both.go(async () => {
    await change(accounts[0], -10);
    await gosched(); // calls the other branch
    await change(accounts[1], 10);
  });
  both.go(audit);
  await both.wait();
});
