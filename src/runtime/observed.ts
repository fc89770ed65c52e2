/**
 * Channels that report their values to the hooks. They are a subclass, made only while hooks are attached: if every
 * channel checked for hooks at each value, the fastest operations would take a tenth longer.
 */

import { type ChannelClass, type DecidingHooks, hooks } from "./hooks.ts";
import type { Site } from "./sites.ts";
import type { Waiter } from "./waiter.ts";

/** The methods of a channel that are overridden here; see `chan/channel.ts`. */
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

/** Returns the subclass of `type` that reports its values to the hooks. */
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
      // A receive was guarded by `lookForValue` before this, so only selects are left.
      this.#guard?.("select");
      super.poll();
    }

    override close(): void {
      this.#guard?.("close");
      super.close();
    }

    override take(): unknown {
      // A buffered value has no waiting sender.
      const from = this.length > 0 ? undefined : operationOf(this.queues()[1]?.[0]?.first);
      const value = super.take();
      hooks?.receive?.(this, value, true, from);
      return value;
    }

    override put(value: unknown): void {
      // Before the call, because that wakes the receiver, which hooks must see after the send.
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
