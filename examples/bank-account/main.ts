// A bank account as a goroutine: the balance is a local variable, and every deposit, withdrawal and question is a
// message. The case that takes a withdrawal is disabled while the account is empty: a withdrawal waits until there is
// something in it.
import { chan, go, main, select, send, type SendChan } from "gocsp";

class Account {
  readonly deposit = chan<number>();
  readonly withdraw = chan<number>(); // what the account gives: up to ten at a time
  readonly balance = chan<SendChan<number>>();
  readonly close = chan<never>();

  constructor() {
    go(async () => {
      let balance = 0;
      for (;;) {
        const amount = Math.min(balance, 10);
        const op = await select({
          deposit: this.deposit,
          withdraw: balance > 0 && send(this.withdraw, amount),
          balance: this.balance,
          close: this.close,
        });
        switch (op.case) {
          case "deposit":
            balance += op.value!;
            break;
          case "withdraw":
            balance -= amount;
            break;
          case "balance":
            await op.value!.send(balance);
            break;
          case "close":
            this.withdraw.close();
            return;
        }
      }
    });
  }

  async ask(): Promise<number> {
    const reply = chan<number>();
    await this.balance.send(reply);
    return (await reply.receive())!;
  }
}

main(async () => {
  const a = new Account();
  console.log("balance:", await a.ask());

  // A hundred depositors at once: no coin is lost.
  const done = chan<void>();
  for (let n = 0; n < 100; n++) {
    go(async () => {
      await a.deposit.send(n);
      await done.send();
    });
  }
  for (let n = 0; n < 100; n++) await done.receive();
  console.log("balance:", await a.ask());
  console.log("withdrawn:", await a.withdraw.receive(), await a.withdraw.receive());
  console.log("balance:", await a.ask());

  // Take everything, then wait for more.
  while ((await a.ask()) > 0) await a.withdraw.receive();
  const got = chan<number>();
  go(async () => got.send((await a.withdraw.receive())!));
  await a.deposit.send(7);
  console.log("waited for:", await got.receive());

  a.close.close();
  const [, ok] = await a.withdraw.receiveOk();
  console.log("still open:", ok);
});
