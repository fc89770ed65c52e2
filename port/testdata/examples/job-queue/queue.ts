import {
  type CancelCauseFunc,
  type Chan,
  chan,
  type Context,
  context,
  defer,
  go,
  nilChan,
  type ReceiveChan,
  select,
  time,
} from "gocsp";
import { asError, BoxedError, nilMap } from "gocsp/golib";

/** rejected is the error of a job that is not to be tried again. */
export type Rejected = string;

export function rejectedError(r: Rejected): string {
  return r;
}

class DeadJob {
  id = "";
  reason = "";

  constructor(init?: Partial<DeadJob>) {
    Object.assign(this, init);
  }
}

/** queue holds jobs until they are done. */
class Queue {
  ready: Chan<string> = nilChan();
  maxAttempts = 0;
  backoff = 0;
  attempts: Map<string, number> = nilMap();

  /** dead are the jobs that nobody tries any more, the latest first. */
  dead: DeadJob[] = [];
  // mu: no section of this mutex waits, so nobody needs it here.
  cancels: Map<string, CancelCauseFunc> = nilMap();

  constructor(init?: Partial<Queue>) {
    Object.assign(this, init);
  }

  async send(id: string): Promise<void> {
    await this.ready.send(id);
  }

  /** cancel ends the context of a job that runs. */
  cancel(id: string, reason: string): void {
    this.cancels.get(id)!(new Error("canceled: " + reason));
  }

  /** handle calls f for each job, one at a time, until ctx ends; then it closes the channel that it returns. */
  handle(
    ctx: Context,
    f: (ctx: Context, id: string, attempt: number) => Error | undefined | Promise<Error | undefined>,
  ): ReceiveChan<void> {
    const handled = chan<void>();
    go(async () => {
      using _ = defer(() => handled.close());
      while (ctx.err() === undefined) {
        const op = await select({ ready: this.ready, done: ctx.done() });
        if (op.case === "ready") {
          const id = op.value ?? "";
          await this.work(id, f);
        }
      }
    });
    return handled;
  }

  async work(
    id: string,
    f: (ctx: Context, id: string, attempt: number) => Error | undefined | Promise<Error | undefined>,
  ): Promise<void> {
    const [ctx, cancel] = context.withCancelCause(context.background());
    using _ = defer(() => cancel(undefined));
    this.cancels.set(id, cancel);
    this.attempts.set(id, (this.attempts.get(id) ?? 0) + 1);
    const err = await f(ctx, id, this.attempts.get(id) ?? 0);
    let reason = "";
    if (err === undefined) {
    } else if (ctx.err() !== undefined) {
      this.bury(id, context.cause(ctx)!.message);
    } else if (asError(err, (e) => e instanceof RejectedValue, (e) => { reason = (e as RejectedValue).value; })) {
      this.bury(id, rejectedError(reason));
    } else if ((this.attempts.get(id) ?? 0) === this.maxAttempts) {
      this.bury(id, "attempts exhausted");
    } else {
      time.afterFunc(this.backoff, async () => await this.send(id));
    }
  }

  bury(id: string, reason: string): void {
    this.dead = [...[new DeadJob({ id, reason })], ...this.dead];
  }
}

export function newQueue(maxAttempts: number, backoff: number): Queue {
  return new Queue({
    ready: chan<string>(100),
    maxAttempts,
    backoff,
    attempts: new Map<string, number>(),
    cancels: new Map<string, CancelCauseFunc>(),
  });
}

/** A rejected in an interface: the value with its methods. */
export class RejectedValue extends BoxedError<Rejected> {
  static override typeName = "main.rejected";

  override get message(): string {
    return rejectedError(this.value);
  }
}
