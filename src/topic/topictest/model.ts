/** Random programs, against a model in which messages are just numbers in a ledger. */

import { background, cause, withCancel } from "../../context/context.ts";
import { as } from "../../errors/errors.ts";
import { go, gosched } from "../../runtime/runtime.ts";
import { sleep } from "../../time/time.ts";
import { Chance } from "../../sql/drivertest/chance.ts";
import { type Broker, JobCanceled, LeaseLost, Stopping, type Topic, UnknownOutcomeError } from "../topic.ts";
import { type Bench, type Check, list } from "./bench.ts";

const bg = background();

/** What the model knows of a message. */
interface Entry {
  /** Unknown if the answer of the engine was lost. */
  sent: "yes" | "unknown";
  /** How often a handler has gone to its end and was acknowledged. */
  acked: number;
  /** Whether the answer to a settlement was lost, or has not come yet. */
  unsure: boolean;
  canceled: boolean;
  rejected: boolean;
}

interface Worker {
  readonly broker: Broker;
  readonly topic: Topic<number>;
  readonly stop: () => void;
  readonly done: Promise<void>;
}

/**
 * Sends, receives, settles in all ways, cancels, ends receivers, kills brokers; then lets the rest be done and compares the
 * ledger: nothing is lost, nothing that was acknowledged comes again, and what is dead is so for a reason.
 */
async function program(bench: Bench, crashes: boolean): Promise<void> {
  const chance = new Chance(bench.seed);
  const steps = bench.options.steps ?? 200;
  const ledger = new Map<number, Entry>();
  const problems: string[] = [];
  const running = new Map<number, number>();
  const options = { lease: bench.lease, maxAttempts: 1000 };
  let calm = false;

  const work = async (topic: Topic<number>, ctx: typeof bg, concurrency: number): Promise<void> => {
    await topic.handle(ctx, { concurrency, grace: chance.of([0, 20, bench.lease]) }, async (ctx, n, d) => {
      const entry = ledger.get(n);
      if (entry === undefined) return void problems.push(`${n} was never sent`);
      if (entry.acked > 0 && !entry.unsure) problems.push(`${n} comes again after its ack`);
      if (entry.rejected) problems.push(`${n} comes again after it was rejected`);
      running.set(n, (running.get(n) ?? 0) + 1);
      const before = entry.unsure;
      try {
        const what = calm ? 0 : chance.below(8);
        for (let i = chance.below(4); i > 0; i--) await gosched();
        if (chance.below(3) === 0) await sleep(chance.below(10));
        if (ctx.err() !== undefined) {
          const why = cause(ctx);
          if (why instanceof JobCanceled && !entry.canceled) problems.push(`${n} was canceled by nobody`);
          if (![JobCanceled, LeaseLost, Stopping].some((type) => why instanceof type)) {
            problems.push(`${n} has ended because of ${String(why)}`);
          }
          throw ctx.err() as Error;
        }
        if (what === 1) {
          await d.nack(chance.below(20));
          return;
        }
        if (what === 2) throw new Error("no luck");
        entry.unsure = true;
        await (what === 3 ? d.reject("no use") : d.ack());
        entry.unsure = before;
        if (what === 3) entry.rejected = true;
        else entry.acked++;
      } catch (error) {
        // What was lost for certain was not settled.
        if (as(error, LeaseLost) !== undefined) entry.unsure = before;
        throw error;
      } finally {
        running.set(n, (running.get(n) as number) - 1);
      }
    });
  };
  const start = async (): Promise<Worker> => {
    const broker = await bench.open();
    const topic = bench.topic<number>(broker, options);
    const [ctx, stop] = withCancel(bench.ctx);
    return { broker, topic, stop, done: work(topic, ctx, 1 + chance.below(4)) };
  };

  const sender = bench.topic<number>(await bench.open(), options);
  const workers = [await start(), await start()];
  const pending: Promise<unknown>[] = [];
  for (let step = 0; step < steps; step++) {
    const what = chance.below(20);
    if (what < 10) {
      const n = step;
      ledger.set(n, { sent: "yes", acked: 0, unsure: false, canceled: false, rejected: false });
      const sending = sender.send(bg, n, { id: String(n), delay: chance.of([0, 0, 0, 30]) }).catch((error: unknown) => {
        if (as(error, UnknownOutcomeError) === undefined) throw error;
        (ledger.get(n) as Entry).sent = "unknown";
      });
      if (chance.below(2) === 0) await sending;
      else pending.push(sending);
    } else if (what < 13 && step > 0) {
      const n = chance.below(step);
      const entry = ledger.get(n);
      if (entry === undefined) continue;
      // From now on it may be.
      const before = entry.canceled;
      entry.canceled = true;
      if (!(await sender.cancel(bg, String(n), "enough"))) entry.canceled = before;
    } else if (what === 13) {
      const [worker] = workers.splice(chance.below(workers.length), 1) as [Worker];
      worker.stop();
      await bench.within("the end of a receiver", worker.done);
      workers.push(await start());
    } else if (what === 14 && crashes) {
      const [worker] = workers.splice(chance.below(workers.length), 1) as [Worker];
      await bench.options.crash?.(worker.broker, bench.engine);
      go(() => worker.done);
      workers.push(await start());
    } else {
      await sleep(chance.below(5));
    }
  }
  await bench.within("sending", Promise.all(pending));
  calm = true;
  let last: unknown;
  try {
    await bench.until("the rest is done", async () => {
      const { ready, delayed, behind, running } = (last = await sender.inspect(bg));
      return ready + delayed + behind + running === 0;
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${JSON.stringify(last)} (seed ${bench.seed})`, { cause: error });
  }
  for (const worker of workers) worker.stop();
  await bench.within("the end of the receivers", Promise.all(workers.map(({ done }) => done)));
  const dead = new Map((await list(sender.dead(bg))).map((d) => [d.value, d.reason]));
  for (const [n, entry] of ledger) {
    const reason = dead.get(n);
    if (entry.acked === 0 && reason === undefined && !entry.unsure && entry.sent === "yes")
      problems.push(`${n} is lost`);
    if (entry.acked > 0 && reason !== undefined && !entry.unsure)
      problems.push(`${n} is acknowledged, and dead: ${reason}`);
    if (entry.acked > 1) problems.push(`${n} was acknowledged ${entry.acked} times`);
    if (reason === "canceled: enough" && !entry.canceled)
      problems.push(`${n} is dead because it was canceled: by nobody`);
    if (reason === "no use" && !entry.rejected && !entry.unsure)
      problems.push(`${n} is dead because it was rejected: by nobody`);
    if (reason !== undefined && reason !== "canceled: enough" && reason !== "no use") {
      problems.push(`${n} is dead: ${reason}`);
    }
  }
  if (problems.length > 0) throw new Error(`${problems.slice(0, 5).join("; ")} (seed ${bench.seed})`);
}

export const modelChecks: Check[] = [
  {
    name: "a random program loses nothing and does nothing twice",
    run: (bench) => program(bench, false),
  },
  {
    name: "a random program in which workers die loses nothing, and what was acknowledged stays so",
    needs: (options) => options.crash !== undefined,
    run: (bench) => program(bench, true),
  },
];
