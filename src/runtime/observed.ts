/**
 * Channels that tell the hooks what passes through them. They are a subclass, made only while somebody is attached: if
 * every channel asked at each value whether to tell, the fastest operations would take a tenth longer.
 */

import { type ChannelClass, hooks } from "./hooks.ts";
import type { Waiter } from "./waiter.ts";

/** What of a channel is overridden here; see `chan/channel.ts`. */
interface Observable {
  take(): unknown;
  put(value: unknown): void;
  seesEnd(): boolean;
  isSpecial(): boolean;
  partner(ofSender: boolean): Waiter | undefined;
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
    constructor(capacity: number, source?: never) {
      super(capacity, source);
      hooks?.make?.(this, capacity);
    }

    override take(): unknown {
      const from = operationOf(this.partner(false));
      const value = super.take();
      hooks?.receive?.(this, value, true, from);
      return value;
    }

    override put(value: unknown): void {
      // Told first: the wake of the receiver follows from it.
      hooks?.send?.(this, value, operationOf(this.partner(true)));
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
