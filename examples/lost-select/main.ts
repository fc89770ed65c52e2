// A case that is not chosen has no effect: its value stays where it is, and a select that was served elsewhere has left
// every other queue. A hundred selects lose on one channel; a later receiver gets all of its values.
import { chan, go, main, select, send } from "gocsp";

main(async () => {
  // Parked selects that are served through b are no longer waiting on a.
  const [a, b] = [chan<number>(), chan<number>()];
  const got = chan<number>();
  for (let i = 0; i < 100; i++) {
    go(async () => {
      const op = await select({ a, b });
      switch (op.case) {
        case "a":
          await got.send(1000 + op.value!);
          break;
        case "b":
          await got.send(op.value!);
      }
    });
  }
  let sum = 0;
  for (let n = 0; n < 100; n++) {
    await b.send(n);
    sum += (await got.receive())!;
  }
  if (a.trySend(1)) {
    console.log("somebody still waits on a");
  } else {
    console.log("nobody waits on a, sum:", sum);
  }

  // A send that is not chosen sends nothing.
  const [full, other] = [chan<string>(1), chan<string>(1)];
  await full.send("first");
  await select({ full: send(full, "second"), other: send(other, "third") });
  console.log(await full.receive(), await other.receive(), full.length, other.length);

  // Two selects meet through one of their channels, and each value arrives once.
  const [left, right] = [chan<string>(), chan<string>()];
  const met = chan<string>();
  go(async () => {
    await select({ left: send(left, "met on the left"), right: send(right, "met on the right") });
    await met.send("sender done");
  });
  const where = (await select({ left, right })).value!;
  console.log(where.length > 3, await met.receive());

  // A select that could send and receive on one channel never meets itself, but two of them meet each other.
  const self = chan<string>();
  const names = chan<string>();
  for (const name of ["anna", "bert"]) {
    go(async () => {
      const op = await select({ sent: send(self, name), received: self });
      switch (op.case) {
        case "sent":
          await names.send(`${name} sent`);
          break;
        case "received":
          await names.send(`${op.value} was received`);
      }
    });
  }
  const [x, y] = [await names.receive(), await names.receive()];
  const sent = [x, y].filter((s) => s === "anna sent" || s === "bert sent");
  console.log("one sent, one received:", x !== y && sent.length === 1);
});
