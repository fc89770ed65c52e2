// Wakes in one step are a burst, which soon waits for a turn of the event loop; wakes in many steps are none. The clock
// stands still here, so that nothing else owes a turn. Prints whether the event loop has turned before the last wake.
performance.now = () => 1;
const { chan, go, gosched } = await import("gocsp");

const turn = () => new Promise((resolve) => void setImmediate(resolve));
let turned = false;
const watch = () => void setImmediate(() => (turned = true));

/** Begins goroutines that end when they are woken; the last one calls `last`. */
async function sleepers(n, last) {
  const channels = Array.from({ length: n }, () => chan());
  let left = n;
  for (const ch of channels) {
    go(async () => {
      await ch.receive();
      if (--left === 0) last();
    });
  }
  // Nobody can be woken who has not parked.
  for (let i = 0; i < 4; i++) await turn();
  return channels;
}

const forms = {
  async "in one step"(end) {
    const channels = await sleepers(200, end);
    watch();
    for (const ch of channels) ch.trySend(1);
  },
  async "between two parks"(end) {
    const [ping, pong] = [chan(), chan()];
    go(async () => {
      for (;;) {
        await ping.receive();
        pong.trySend(1);
      }
    });
    await turn();
    watch();
    for (let i = 0; i < 200; i++) {
      ping.trySend(i);
      await pong.receive();
    }
    end();
  },
  async "between two operations"(end) {
    const channels = await sleepers(200, end);
    watch();
    for (const ch of channels) {
      ch.trySend(1);
      await gosched();
    }
  },
  async "after a turn that was owed"(end) {
    let through = false;
    const second = await sleepers(50, () => (through = true));
    const first = await sleepers(100, async () => {
      for (const ch of second) ch.trySend(1);
      // The event loop does not turn here.
      for (let i = 0; i < 100; i++) await Promise.resolve();
      turned = !through;
      end();
    });
    for (const ch of first) ch.trySend(1);
  },
};
await forms[process.argv[2]](() => {
  console.log(turned ? "a turn" : "no turn");
  process.exit();
});
