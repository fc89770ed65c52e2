// Three workers, nine jobs: workers take jobs until the channel is closed, and when the last one has ended the results
// are complete. A worker pool with channels only: each worker reports its end on done.
import { chan, defer, go, main, type ReceiveChan, type SendChan } from "gocsp";

type Job = { id: number; size: number };
type Outcome = { id: number; steps: number };

/** Counts the steps from `n` down to 1. */
const collatz = (n: number): number => {
  let steps = 0;
  while (n !== 1) {
    if (n % 2 === 0) {
      n /= 2;
    } else {
      n = 3 * n + 1;
    }
    steps++;
  }
  return steps;
};

const worker = async (jobs: ReceiveChan<Job>, outcomes: SendChan<Outcome>, done: SendChan<void>) => {
  await using _ = defer(() => done.send());
  for await (const j of jobs) await outcomes.send({ id: j.id, steps: collatz(j.size) });
};

main(async () => {
  const [workers, count] = [3, 9];
  const jobs = chan<Job>(count);
  const outcomes = chan<Outcome>(count);
  const done = chan<void>();

  for (let i = 0; i < workers; i++) go(worker, jobs, outcomes, done);
  for (let id = 0; id < count; id++) await jobs.send({ id, size: 10 + 7 * id });
  jobs.close();
  for (let i = 0; i < workers; i++) await done.receive();
  outcomes.close();

  const steps = Array<number>(count);
  for await (const o of outcomes) steps[o.id] = o.steps;
  for (const [id, n] of steps.entries()) console.log(`job ${id}: ${n} steps`);
});
