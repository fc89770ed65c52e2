// Twenty texts are digested by never more than four goroutines at a time, and the results are gathered in order of
// name. A fixed number of workers bounds the parallelism; a counter goroutine watches that the bound holds.
import { chan, defer, go, main } from "gocsp";

type Result = { name: string; digest: number };

const digest = (text: string): number => {
  let sum = 7;
  for (const b of new TextEncoder().encode(text)) sum = (sum * 31 + b) % 10007;
  return sum;
};

main(async () => {
  const [workers, texts] = [4, 20];

  const busy = chan<number>(); // +1 when a worker starts, -1 when it ends
  const peak = chan<number>();
  go(async () => {
    let [now, most] = [0, 0];
    for await (const change of busy) {
      now += change;
      most = Math.max(most, now);
    }
    await peak.send(most);
  });

  const names = chan<string>();
  go(async () => {
    using _ = defer(() => names.close());
    for (let i = 0; i < texts; i++) await names.send(`text-${String(i).padStart(2, "0")}`);
  });

  const results = chan<Result>();
  const done = chan<void>();
  for (let i = 0; i < workers; i++) {
    go(async () => {
      for await (const name of names) {
        await busy.send(+1);
        const r: Result = { name, digest: digest(name) };
        await busy.send(-1);
        await results.send(r);
      }
      await done.send();
    });
  }
  go(async () => {
    for (let i = 0; i < workers; i++) await done.receive();
    busy.close();
    results.close();
  });

  const all: Result[] = [];
  for await (const r of results) all.push(r);
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const r of all.slice(0, 5)) console.log(r.name, r.digest);
  console.log("digested:", all.length);
  console.log("never more than four at once:", (await peak.receive())! <= workers);
});
