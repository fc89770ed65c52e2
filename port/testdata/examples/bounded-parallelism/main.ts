// Twenty texts are digested by never more than four goroutines at a time, and the results are gathered in order of
// name. A fixed number of workers bounds the parallelism; a counter goroutine watches that the bound holds.
import { chan, defer, go, main } from "gocsp";
import { slice, toBytes } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as slices from "gocsp/golib/slices";

class Result {
  name = "";
  digest = 0;

  constructor(init?: Partial<Result>) {
    Object.assign(this, init);
  }
}

function digest(text: string): number {
  let sum = 7;
  for (const b of toBytes(text)) {
    // PORT: arithmetic that may overflow 2^53 (overflow; use bigint with BigInt.asUintN(64, …), or a hash of 32 bits)
    sum = (sum * 31 + b) % 10007;
  }
  return sum;
}

main(async () => {
  const workers = 4;
  const texts = 20;

  const busy = chan<number>(); // +1 when a worker starts, -1 when it ends
  const peak = chan<number>();
  go(async () => {
    let now = 0;
    let most = 0;
    for await (const change of busy) {
      now += change;
      most = Math.max(most, now);
    }
    await peak.send(most);
  });

  const names = chan<string>();
  go(async () => {
    using _ = defer(() => names.close());
    for (let i = 0; i < texts; i++) {
      await names.send(fmt.sprintf("text-%02d", i));
    }
  });

  const results = chan<Result>();
  const done = chan<void>();
  for (let i1 = 0; i1 < workers; i1++) {
    go(async () => {
      for await (const name of names) {
        await busy.send(1);
        const r = new Result({ name, digest: digest(name) });
        await busy.send(-1);
        await results.send(r);
      }
      await done.send();
    });
  }
  go(async () => {
    for (let i1 = 0; i1 < workers; i1++) {
      await done.receive();
    }
    busy.close();
    results.close();
  });

  const all: Result[] = [];
  for await (const r of results) {
    all.push(r);
  }
  slices.sortFunc(all, (a: Result, b: Result): number => {
    if (a.name < b.name) {
      return -1;
    }
    return 1;
  });
  for (const r of slice(all, 0, 5)) {
    fmt.println(r.name, r.digest);
  }
  console.log("digested:", all.length);
  console.log("never more than four at once:", ((await peak.receive()) ?? 0) <= workers);
});
