/** The subjects of the comparison, each behind the interface that the workloads use. */

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { context } from "../../src/index.ts";
import { jetstream } from "../../src/topic/jetstream/jetstream.ts";
import { postgres } from "../../src/topic/postgres/postgres.ts";
import { type Broker, type Engine, open, type Topic } from "../../src/topic/topic.ts";

/** A queue of numbers. */
export interface Subject {
  readonly name: string;
  /** Opens an empty queue. */
  open(): Promise<void>;
  send(n: number): Promise<void>;
  sendMany(numbers: readonly number[]): Promise<void>;
  /** Handles messages until the returned function is called. */
  work(concurrency: number, f: (n: number) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const bg = context.background();
const require = createRequire(import.meta.url);
/** The rivals are not in the project's own manifest, so the compiler cannot resolve them. */
const load = async <M>(name: string): Promise<M> => (await import(pathToFileURL(require.resolve(name)).href)) as M;
let opened = 0;

function topics(name: string, engine: () => Engine): Subject {
  let broker: Broker;
  let topic: Topic<number>;
  return {
    name,
    open: async () => {
      broker = await open(bg, engine());
      topic = broker.topic<number>(`bench${++opened}`);
    },
    send: async (n) => void (await topic.send(bg, n)),
    sendMany: async (numbers) =>
      void (await topic.sendAll(
        bg,
        numbers.map((n) => [n] as const),
      )),
    work: async (concurrency, f) => {
      const [ctx, stop] = context.withCancel(bg);
      const handled = topic.handle(ctx, { concurrency }, (_ctx, n) => f(n));
      return async () => {
        stop();
        await handled;
      };
    },
    close: async () => {
      await topic.purge(bg, "waiting");
      await broker.close();
    },
  };
}

export function ours(url: string): Subject {
  return topics("gocsp, PostgreSQL", () => postgres(url));
}

/** On the disk every two minutes, as it is by default, or before each answer, as the others are. */
export function oursOnNats(url: string, sync: "default" | "always"): Subject {
  return topics(sync === "always" ? "gocsp, JetStream, sync always" : "gocsp, JetStream", () => jetstream(url));
}

interface Boss {
  start(): Promise<unknown>;
  on(event: "error", f: (error: unknown) => void): void;
  createQueue(name: string, options: object): Promise<void>;
  send(name: string, data: object): Promise<unknown>;
  insert(name: string, jobs: object[]): Promise<unknown>;
  work(name: string, options: object, f: (jobs: { data: { n: number } }[]) => Promise<void>): Promise<string>;
  offWork(name: string): Promise<void>;
  stop(options: object): Promise<void>;
}

export function pgBoss(url: string): Subject {
  let boss: Boss;
  let queue: string;
  return {
    name: "pg-boss 12.38",
    open: async () => {
      const { PgBoss } = await load<{ PgBoss: new (options: object) => Boss }>("pg-boss");
      boss = new PgBoss({ connectionString: url, useListenNotify: true, max: 10 });
      boss.on("error", (error) => console.error("pg-boss:", error));
      await boss.start();
      queue = `bench${++opened}`;
      await boss.createQueue(queue, { notify: true });
    },
    send: async (n) => void (await boss.send(queue, { n })),
    sendMany: async (numbers) =>
      void (await boss.insert(
        queue,
        numbers.map((n) => ({ data: { n } })),
      )),
    work: async (concurrency, f) => {
      // The options that its documentation recommends for a backlog.
      const options = { batchSize: concurrency, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
      await boss.work(queue, options, async (jobs) => {
        for (const { data } of jobs) f(data.n);
      });
      return () => boss.offWork(queue);
    },
    close: () => boss.stop({ graceful: true, timeout: 5000 }),
  };
}

interface Runner {
  stop(): Promise<void>;
}
interface Utils {
  migrate(): Promise<void>;
  addJob(name: string, payload: object): Promise<unknown>;
  addJobs(jobs: object[]): Promise<unknown>;
  release(): Promise<void>;
}
interface Graphile {
  run(options: object): Promise<Runner>;
  makeWorkerUtils(options: object): Promise<Utils>;
  Logger: new (f: () => () => void) => object;
}

export function graphile(url: string): Subject {
  let module: Graphile;
  let utils: Utils;
  let task: string;
  return {
    name: "graphile-worker 0.18",
    open: async () => {
      module = await load<Graphile>("graphile-worker");
      const logger = new module.Logger(() => () => undefined);
      utils = await module.makeWorkerUtils({ connectionString: url, logger });
      await utils.migrate();
      task = `bench${++opened}`;
    },
    send: async (n) => void (await utils.addJob(task, { n })),
    sendMany: async (numbers) => void (await utils.addJobs(numbers.map((n) => ({ identifier: task, payload: { n } })))),
    work: async (concurrency, f) => {
      const logger = new module.Logger(() => () => undefined);
      const runner = await module.run({
        connectionString: url,
        concurrency,
        logger,
        noHandleSignals: true,
        maxPoolSize: 10,
        pollInterval: 500,
        // The preset that its documentation recommends for many short jobs.
        preset: { worker: { localQueue: { size: Math.max(concurrency, 2) } } },
        taskList: { [task]: async (payload: { n: number }) => f(payload.n) },
      });
      return () => runner.stop();
    },
    close: () => utils.release(),
  };
}

interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>;
  addBulk(jobs: object[]): Promise<unknown>;
  obliterate(options: object): Promise<void>;
  close(): Promise<void>;
}
interface Worker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}
interface BullMQ {
  Queue: new (name: string, options: object) => Queue;
  Worker: new (name: string, f: (job: { data: { n: number } }) => Promise<void>, options: object) => Worker;
}

export function bullmq(port: number): Subject {
  const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
  let module: BullMQ;
  let queue: Queue;
  let name: string;
  // Completed jobs are removed, as ours are.
  const options = { removeOnComplete: true };
  return {
    name: "BullMQ 6.7",
    open: async () => {
      module = await load<BullMQ>("bullmq");
      name = `bench${++opened}`;
      queue = new module.Queue(name, { connection });
    },
    send: async (n) => void (await queue.add("n", { n }, options)),
    sendMany: async (numbers) =>
      void (await queue.addBulk(numbers.map((n) => ({ name: "n", data: { n }, opts: options })))),
    work: async (concurrency, f) => {
      const worker = new module.Worker(name, async (job) => f(job.data.n), { connection, concurrency });
      await worker.waitUntilReady();
      return () => worker.close();
    },
    close: async () => {
      await queue.obliterate({ force: true });
      await queue.close();
    },
  };
}
