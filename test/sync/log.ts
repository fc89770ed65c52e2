import { type CancelFunc, type Context, context } from "gocsp";

/** Returns a context of one's own to cancel. */
export function cancelable(): [ctx: Context, cancel: CancelFunc] {
  return context.withCancel(context.background());
}

/** What happened, in order. */
export class Log {
  readonly events: string[] = [];

  add(event: string): void {
    this.events.push(event);
  }

  /** Adds an event when an operation returns, and another one if it throws. */
  follow(name: string, operation: Promise<unknown>): void {
    operation.then(
      () => this.add(name),
      (error: unknown) => this.add(`${name}: ${(error as Error).message}`),
    );
  }

  /** Returns the events so far and begins again. */
  take(): string[] {
    return this.events.splice(0);
  }
}
