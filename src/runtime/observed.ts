/**
 * Channels that tell the hooks what passes through them. They are a subclass, made only while somebody is attached: if
 * every channel asked at each value whether to tell, the fastest operations would take a tenth longer.
 */

import { type ChannelClass, type DecidingHooks, hooks } from "./hooks.ts";
import type { Site } from "./sites.ts";
import type { Waiter } from "./waiter.ts";

/** What of a channel is overridden here; see `chan/channel.ts`. */
interface Observable {
  lookForValue(): boolean;
  hasRoom(): boolean;
  poll(): void;
  close(): void;
  take(): unknown;
  put(value: unknown): void;
  seesEnd(): boolean;
  isSpecial(): boolean;
  queues(): ReturnType<Site["queues"]>;
  readonly length: number;
}

const classes = new WeakMap<ChannelClass, ChannelClass>();

/** Returns the subclass of `type` that tells the hooks of its values. */
export function observed<Type extends ChannelClass>(type: Type): Type {
  let known = classes.get(type);
  if (known === undefined) {
    known = observe(type as unknown as new (capacity: number, source?: never) => Observable);
    classes.set(type, known);
  }
  return known as Type;
}

function observe(type: new (capacity: number, source?: never) => Observable): ChannelClass {
  return class extends type {
    readonly #guard: ReturnType<NonNullable<DecidingHooks["guard"]>>;

    constructor(capacity: number, source?: never) {
      super(capacity, source);
      this.#guard = hooks?.guard?.(this);
      hooks?.make?.(this, capacity);
    }

    override lookForValue(): boolean {
      this.#guard?.("receive");
      return super.lookForValue();
    }

    override hasRoom(): boolean {
      this.#guard?.("send");
      return super.hasRoom();
    }

    override poll(): void {
      // A receive has been asked for by `lookForValue` before it comes here.
      this.#guard?.("select");
      super.poll();
    }

    override close(): void {
      this.#guard?.("close");
      super.close();
    }

    override take(): unknown {
      // A buffered value comes from nobody who waits.
      const from = this.length > 0 ? undefined : operationOf(this.queues()[1]?.[0]?.first);
      const value = super.take();
      hooks?.receive?.(this, value, true, from);
      return value;
    }

    override put(value: unknown): void {
      // Told first: the wake of the receiver follows from it.
      hooks?.send?.(this, value, operationOf(this.queues()[0]?.[0]?.first));
      super.put(value);
    }

    override seesEnd(): boolean {
      const ended = super.seesEnd();
      if (ended) hooks?.receive?.(this, undefined, false, undefined);
      return ended;
    }

    override isSpecial(): boolean {
      return true;
    }
  };
}

/** The operation that a waiter belongs to, as `park` and `wake` know it. */
function operationOf(waiter: Waiter | undefined): object | undefined {
  return waiter?.group ?? waiter;
}
