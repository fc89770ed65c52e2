// A bank account as a goroutine: the balance is a local variable, and every deposit, withdrawal and question is a
// message. The case that takes a withdrawal is disabled while the account is empty: whoever wants money waits until
// some is there.
import { type Chan, chan, go, main, nilChan, select, send, type SendChan } from "gocsp";

class Account {
  deposit: Chan<number> = nilChan();
  withdraw: Chan<number> = nilChan(); // what the account gives: up to ten at a time
  balance: Chan<SendChan<number>> = nilChan();
  close: Chan<void> = nilChan();

  constructor(init?: Partial<Account>) {
    Object.assign(this, init);
  }

  async ask(): Promise<number> {
    const reply = chan<number>();
    await this.balance.send(reply);
    return (await reply.receive()) ?? 0;
  }
}

function open(): Account {
  const a = new Account({
    deposit: chan<number>(),
    withdraw: chan<number>(),
    balance: chan<SendChan<number>>(),
    close: chan<void>(),
  });
  go(async () => {
    let balance = 0;
    for (;;) {
      let withdraw: SendChan<number> = nilChan();
      if (balance > 0) {
        withdraw = a.withdraw;
      }
      const amount = Math.min(balance, 10);
      const op = await select({
        deposit: a.deposit,
        withdraw: send(withdraw, amount),
        balance: a.balance,
        close: a.close,
      });
      switch (op.case) {
        case "deposit": {
          const n = op.value ?? 0;
          balance += n;
          break;
        }
        case "withdraw":
          balance -= amount;
          break;
        case "balance": {
          const reply = op.value!;
          await reply.send(balance);
          break;
        }
        case "close":
          a.withdraw.close();
          return;
      }
    }
  });
  return a;
}

main(async () => {
  const a = open();
  console.log("balance:", await a.ask());

  // A hundred depositors at once: no coin is lost.
  const done = chan<void>();
  for (let n = 0; n < 100; n++) {
    go(async () => {
      await a.deposit.send(n);
      await done.send();
    });
  }
  for (let i = 0; i < 100; i++) {
    await done.receive();
  }
  console.log("balance:", await a.ask());
  console.log("withdrawn:", (await a.withdraw.receive()) ?? 0, (await a.withdraw.receive()) ?? 0);
  console.log("balance:", await a.ask());

  // Take everything, then wait for more.
  while (await a.ask() > 0) {
    await a.withdraw.receive();
  }
  const got = chan<number>();
  go(async () => await got.send((await a.withdraw.receive()) ?? 0));
  await a.deposit.send(7);
  console.log("waited for:", (await got.receive()) ?? 0);

  a.close.close();
  const [, ok] = await a.withdraw.receiveOk();
  console.log("still open:", ok);
});
