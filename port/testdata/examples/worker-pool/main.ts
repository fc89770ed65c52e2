// Three workers, nine jobs: workers take jobs until the channel is closed, and the last one to leave turns off the
// light. A worker pool with channels only: each worker reports its end on done.
import { chan, defer, go, main, type ReceiveChan, type SendChan } from "gocsp";
import { put } from "gocsp/golib";

class Job {
  id = 0;
  size = 0;

  constructor(init?: Partial<Job>) {
    Object.assign(this, init);
  }
}

class Outcome {
  id = 0;
  steps = 0;

  constructor(init?: Partial<Outcome>) {
    Object.assign(this, init);
  }
}

/** collatz counts the steps from n down to 1. */
function collatz(n: number): number {
  let steps = 0;
  while (n !== 1) {
    if (n % 2 === 0) {
      n = Math.trunc(n / 2);
    } else {
      n = 3 * n + 1;
    }
    steps++;
  }
  return steps;
}

async function worker(jobs: ReceiveChan<Job>, outcomes: SendChan<Outcome>, done: SendChan<void>): Promise<void> {
  await using _ = defer(async () => await done.send());
  for await (const j of jobs) {
    await outcomes.send(new Outcome({ id: j.id, steps: collatz(j.size) }));
  }
}

main(async () => {
  const workers = 3;
  const count = 9;
  const jobs = chan<Job>(count);
  const outcomes = chan<Outcome>(count);
  const done = chan<void>();

  for (let i = 0; i < workers; i++) {
    go(worker, jobs, outcomes, done);
  }
  for (let id = 0; id < count; id++) {
    await jobs.send(new Job({ id, size: 10 + 7 * id }));
  }
  jobs.close();
  for (let i = 0; i < workers; i++) {
    await done.receive();
  }
  outcomes.close();

  const steps = new Array<number>(count).fill(0);
  for await (const o of outcomes) {
    put(steps, o.id, o.steps);
  }
  for (const [id, n] of steps.entries()) {
    console.log(`job ${id}: ${n} steps`);
  }
});
