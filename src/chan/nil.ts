import { PanicError } from "../runtime/panic.ts";
import type { WaitState } from "../runtime/hooks.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { Channel } from "./channel.ts";

/** The nil channel: never ready. Its waiters stay in its queues, where reports find them and partners never look. */
class NilChannel extends Channel<never> {
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

  override hasValue(): boolean {
    return false;
  }

  override hasRoom(): boolean {
    return false;
  }

  protected override state(operation: "chan receive" | "chan send"): WaitState {
    return `${operation} (nil chan)`;
  }

  static {
    refuseUnbound(this);
  }
}

/** The one nil channel. */
export const nil: Channel<never> = new NilChannel();
