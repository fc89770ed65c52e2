// Goroutines whose steps are quick at first and then take a millisecond each, by a clock that only their steps move: prints
// how many of the slow ones are taken in a turn of the event loop, at most, once that has been noticed.
let now = 0;
performance.now = () => now;
const { chan, go, gosched, selector } = await import("gocsp");

let cost = 0.001;
let steps = 0;

function step(): void {
  now += cost;
  steps++;
}

const there = chan<number>();
const back = chan<number>();
const buffer = chan<number>(1000);

const forms: Record<string, () => void> = {
  "ping-pong": () => {
    go(async () => {
      for (;;) {
        step();
        await there.send(1);
        await back.receive();
      }
    });
    go(async () => {
      for (;;) {
        await there.receive();
        step();
        await back.send(1);
      }
    });
  },
  gosched: () => {
    go(async () => {
      for (;;) {
        step();
        await gosched();
      }
    });
  },
  selector: () => {
    const turn = selector({ buffer });
    go(async () => {
      for (;;) {
        step();
        buffer.trySend(1);
        await turn.select();
      }
    });
  },
  "for await": () => {
    go(async () => {
      for (;;) await buffer.send(1);
    });
    go(async () => {
      for await (const _ of buffer) step();
    });
  },
};

forms[process.argv[2] ?? ""]?.();

async function turn(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  const taken = steps;
  steps = 0;
  return taken;
}

for (let i = 0; i < 50; i++) await turn();
cost = 1;
await turn();
let most = 0;
for (let i = 0; i < 50; i++) most = Math.max(most, await turn());
console.log(most);
process.exit(0);
