// A case that is not chosen has no effect: its value stays where it is, and a select that was served elsewhere is gone
// from every other queue. A hundred selects lose on one channel; whoever comes later gets all of its values.
import { chan, go, main, select, send } from "gocsp";
import { len } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  // Parked selects that are served through b are no longer waiting on a.
  const a = chan<number>();
  const b = chan<number>();
  const got = chan<number>();
  for (let i = 0; i < 100; i++) {
    go(async () => {
      const op = await select({ a, b });
      switch (op.case) {
        case "a": {
          const n = op.value ?? 0;
          await got.send(1000 + n);
          break;
        }
        case "b": {
          const n = op.value ?? 0;
          await got.send(n);
        }
      }
    });
  }
  let sum = 0;
  for (let n = 0; n < 100; n++) {
    await b.send(n);
    sum += (await got.receive()) ?? 0;
  }
  if (a.trySend(1)) {
    console.log("somebody still waits on a");
  } else {
    console.log("nobody waits on a, sum:", sum);
  }

  // A send that is not chosen sends nothing.
  const full = chan<string>(1);
  const other = chan<string>(1);
  await full.send("first");
  await select({ sent: send(full, "second"), sent2: send(other, "third") });
  fmt.println((await full.receive()) ?? "", (await other.receive()) ?? "", full.length, other.length);

  // Two selects meet through one of their channels, and each value arrives once.
  const left = chan<string>();
  const right = chan<string>();
  const met = chan<string>();
  go(async () => {
    await select({ sent: send(left, "met on the left"), sent2: send(right, "met on the right") });
    await met.send("sender done");
  });
  let where = "";
  const op = await select({ left, right });
  switch (op.case) {
    case "left": {
      where = op.value ?? "";
      break;
    }
    case "right": {
      where = op.value ?? "";
    }
  }
  console.log(len(where) > 3, (await met.receive()) ?? "");

  // A select that could send and receive on one channel never meets itself, but two of them meet each other.
  const self = chan<string>();
  const names = chan<string>();
  for (const name of ["anna", "bert"]) {
    go(async () => {
      const op1 = await select({ sent: send(self, name), self });
      switch (op1.case) {
        case "sent":
          await names.send(name + " sent");
          break;
        case "self": {
          const other = op1.value ?? "";
          await names.send(other + " was received");
        }
      }
    });
  }
  const x = (await names.receive()) ?? "";
  const y = (await names.receive()) ?? "";
  let sent = 0;
  for (const s of [x, y]) {
    if (s === "anna sent" || s === "bert sent") {
      sent++;
    }
  }
  console.log("one sent, one received:", x !== y && sent === 1);
});
