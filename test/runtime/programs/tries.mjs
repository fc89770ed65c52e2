// Tries that take long, of the kind that the first argument names, twenty between two operations. The clock moves only
// with them. Prints how many operations have passed when the event loop turns.
let time = 0;
performance.now = () => time;
const { chan, gosched, sync } = await import("gocsp");
const { selector } = await import("gocsp/select");
const { Weighted } = await import("gocsp/semaphore");

const ch = chan(1);
const [mu, rw, tokens] = [new sync.Mutex(), new sync.RWMutex(), new Weighted(1)];
const sent = selector({ ch });

/** Whether they succeed makes no difference. */
const tries = {
  "Chan.trySend": () => ch.trySend(1),
  "Chan.tryReceive": () => ch.tryReceive(),
  "Selector.trySelect": () => sent.trySelect(),
  "Mutex.tryLock": () => mu.tryLock(),
  "RWMutex.tryLock": () => rw.tryLock(),
  "RWMutex.tryRLock": () => rw.tryRLock(),
  "Weighted.tryAcquire": () => tokens.tryAcquire(),
};
const attempt = tries[process.argv[2]];

let operations = 0;
const turned = new Promise((resolve) => void setImmediate(resolve)).then(() => {
  console.log(operations);
  process.exit();
});
for (; operations < 1000; operations++) {
  for (let i = 0; i < 20; i++) {
    attempt();
    time += 0.1;
  }
  await gosched();
}
await turned;
