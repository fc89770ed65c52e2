import { PanicError } from "../runtime/panic.ts";
import type { WaitState } from "../runtime/hooks.ts";
import { type Site, track, visitQueue } from "../runtime/sites.ts";
import { type Waiter, WaitQueue } from "../runtime/waiter.ts";
import { Channel } from "./channel.ts";

/**
 * The nil channel: never ready, for anything. Those who wait on it are kept apart, where no partner ever looks; the
 * reports can still name them.
 */
class NilChannel extends Channel<never> {
  readonly #receivers = new WaitQueue();
  readonly #senders = new WaitQueue();

  constructor() {
    super(0);
  }

  override toString(): string {
    return "Chan(nil)";
  }

  override close(): void {
    throw new PanicError("close of nil channel");
  }

  override isNil(): boolean {
    return true;
  }

  override addReceiver(waiter: Waiter): void {
    if (!this.tracked) track(this);
    this.#receivers.push(waiter);
  }

  override addSender(waiter: Waiter): void {
    if (!this.tracked) track(this);
    this.#senders.push(waiter);
  }

  override isIdle(): boolean {
    return this.#receivers.first === undefined && this.#senders.first === undefined;
  }

  override forEachParked(visit: Parameters<Site["forEachParked"]>[0]): void {
    visitQueue(this.#receivers, this.state("chan receive"), visit);
    visitQueue(this.#senders, this.state("chan send"), visit);
  }

  protected override state(operation: "chan receive" | "chan send"): WaitState {
    return `${operation} (nil chan)`;
  }
}

/** The one nil channel. */
export const nil: Channel<never> = new NilChannel();
