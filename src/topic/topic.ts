/**
 * Workers that outgrow one machine: messages that are delivered at least once, on a PostgreSQL that is there already, on NATS
 * JetStream, or in memory for tests. Go has river and asynq.
 *
 * A delivery has a context that ends when the job is canceled from anywhere, when its lease is lost, when the worker stops and
 * when the deadline passes; what takes it stops then, down to the query in the database and the subprocess.
 *
 * ```ts
 * import { context, time } from "gocsp";
 * import * as topic from "gocsp/topic";
 *
 * const ctx = context.background();
 * await using broker = await topic.open(ctx, topic.memory());
 * const jobs = broker.topic<string>("thumbnails", { lease: 30 * time.second, maxAttempts: 5 });
 * await jobs.send(ctx, "gopher.png");
 * for await (const d of jobs.receiver(ctx)) {
 *   console.log(d.value);
 *   await d.ack();
 *   break;
 * }
 * ```
 *
 * @module
 */

export { open } from "./broker.ts";
export { type Codec, codec, traceLink, traceparent } from "./carry.ts";
export type {
  Claim,
  Claims,
  Counts,
  DeadRecord,
  Engine,
  Listener,
  Message,
  Next,
  Session,
  Settings,
  Standing,
  Swept,
} from "./engine.ts";
export { errClosed, errSettled, JobCanceled, LeaseLost, Stopping, UnknownOutcomeError } from "./errors.ts";
export { type Memory, memory } from "./memory.ts";
export type {
  Broker,
  Dead,
  Delivery,
  Inspection,
  OpenOptions,
  ReceiverOptions,
  SendOptions,
  Sent,
  Topic,
  TopicOptions,
} from "./types.ts";
