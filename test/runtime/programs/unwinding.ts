// A goroutine resumes main by a deferred call, while its panic unwinds the functions above. The argument names how.
import { chan, defer, go, gosched, main, sync } from "gocsp";

const left = new sync.WaitGroup();
const log = chan<string>(9);

function crash(): never {
  throw new Error("crash");
}

async function worker(): Promise<void> {
  using _ = defer(() => left.done());
  crash();
}

async function deep(frames: number): Promise<void> {
  if (frames === 0) return worker();
  return deep(frames - 1);
}

const goroutines: Record<string, () => unknown> = {
  "at once": () => worker(),
  "one frame": async () => {
    await worker();
  },
  "a hundred frames": async () => {
    await deep(100);
  },
  "after a wait": async () => {
    await gosched();
    await worker();
  },
  "in a finally block": async () => {
    const work = async (): Promise<void> => {
      try {
        await gosched();
        crash();
      } finally {
        left.done();
      }
    };
    await work();
  },
  "in an asynchronous deferred call": async () => {
    await using _ = defer(async () => {
      await log.send("leaving");
      left.done();
      await Promise.resolve();
    });
    crash();
  },
  "before other asynchronous deferred calls": async () => {
    await using _1 = defer(() => Promise.resolve());
    await using _2 = defer(async () => Promise.resolve());
    await using _3 = defer(async () => left.done());
    crash();
  },
  "after the panic of another": async () => {
    try {
      await worker();
    } finally {
      await Promise.reject(new Error("second crash")).catch(() => undefined);
    }
  },
};

main(async () => {
  // What would resume if main did not return.
  const jobs = chan<number>(100);
  go(async () => {
    for await (const n of jobs) console.log(`job ${n}`);
  });
  await gosched();
  left.add(1);
  go(goroutines[process.argv[2] as string] ?? (() => left.done()));
  await left.wait();
  for (let n = 0; n < 100; n++) jobs.trySend(n);
});
