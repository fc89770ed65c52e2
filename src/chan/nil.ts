import { PanicError } from "../runtime/panic.ts";
import { type Site, track, visitQueue } from "../runtime/sites.ts";
import { asNothing, park, Waiter, WaitQueue } from "../runtime/waiter.ts";
import type { Chan, Ending } from "./chan.ts";
import { neverUntil } from "./until.ts";

/**
 * The nil channel: never ready, for anything. Its two queues exist so that the reports can name who waits here; nobody
 * is ever served from them.
 */
export class NilChannel implements Chan<never>, Site {
  readonly #receivers = new WaitQueue();
  readonly #senders = new WaitQueue();
  /** @internal */
  tracked = false;

  readonly length = 0;
  readonly capacity = 0;

  receive(ctx?: Ending): Promise<undefined> {
    return this.#wait(this.#receivers, "chan receive (nil chan)", ctx);
  }

  receiveOk(ctx?: Ending): Promise<never> {
    return this.#wait(this.#receivers, "chan receive (nil chan)", ctx);
  }

  tryReceive(): undefined {
    return undefined;
  }

  send(_value: never, ctx?: Ending): Promise<void> {
    return this.#wait(this.#senders, "chan send (nil chan)", ctx);
  }

  trySend(_value: never): boolean {
    return false;
  }

  close(): void {
    throw new PanicError("close of nil channel");
  }

  [Symbol.asyncIterator](): AsyncIterator<never, undefined> {
    return { next: () => this.receiveOk() };
  }

  range(ctx: Ending): AsyncIterable<never> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.receiveOk(ctx) }) };
  }

  get [Symbol.toStringTag](): string {
    return "Chan";
  }

  /** @internal */
  isIdle(): boolean {
    return this.#receivers.first === undefined && this.#senders.first === undefined;
  }

  /** @internal */
  forEachParked(visit: Parameters<Site["forEachParked"]>[0]): void {
    visitQueue(this.#receivers, "chan receive (nil chan)", visit);
    visitQueue(this.#senders, "chan send (nil chan)", visit);
  }

  #wait(queue: WaitQueue, state: string, ctx: Ending | undefined): Promise<never> {
    if (!this.tracked) track(this);
    if (ctx !== undefined) return neverUntil(ctx, queue);
    const waiter = new Waiter(asNothing, undefined, undefined);
    queue.push(waiter);
    return park(waiter, state);
  }
}

export const nil: NilChannel = new NilChannel();
