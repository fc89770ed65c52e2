/**
 * A model of channels and selects, one step after the other, in the simplest way: arrays that are searched
 * from their beginning. Nothing here is shared with the library.
 */

/** One direction of one case: what a parked operation waits for. */
export interface Wish {
  readonly name: string;
  readonly channel: ModelChannel | null;
  /** The value to send; undefined for a receive. */
  readonly offer?: number | undefined;
}

export type Result =
  | { readonly is: "waiting" }
  | { readonly is: "chosen"; readonly name: string; readonly value: number | undefined; readonly ok: boolean }
  | { readonly is: "panic"; readonly text: string };

interface Parked {
  readonly wishes: readonly Wish[];
  readonly settle: (result: Result) => void;
}

export class ModelChannel {
  readonly capacity: number;
  buffer: number[] = [];
  closed = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }
}

export class Model {
  /** All waiters, in order of arrival. */
  #parked: Parked[] = [];
  readonly #choose: (ready: number) => number;

  constructor(choose: (ready: number) => number) {
    this.#choose = choose;
  }

  get parkedCount(): number {
    return this.#parked.length;
  }

  /** A select over these wishes; a plain operation is a select with one. Results arrive through `settle`. */
  select(wishes: readonly Wish[], orElse: "waits" | "default", settle: (result: Result) => void): void {
    const ready = wishes.filter((wish) => this.#isReady(wish));
    if (ready.length > 0) {
      const index = ready.length === 1 ? 0 : this.#choose(ready.length);
      settle(this.#proceed(ready[index] as Wish));
    } else if (orElse === "default") {
      settle({ is: "chosen", name: "default", value: undefined, ok: false });
    } else {
      settle({ is: "waiting" });
      this.#parked.push({ wishes, settle });
    }
  }

  /** Returns the text of the panic, if it is one. */
  close(channel: ModelChannel | null): string | undefined {
    if (channel === null) return "close of nil channel";
    if (channel.closed) return "close of closed channel";
    channel.closed = true;
    for (;;) {
      const receiver = this.#take(channel, "receive");
      if (receiver === undefined) break;
      receiver.parked.settle({ is: "chosen", name: receiver.wish.name, value: undefined, ok: false });
    }
    for (;;) {
      const sender = this.#take(channel, "send");
      if (sender === undefined) break;
      sender.parked.settle({ is: "panic", text: "send on closed channel" });
    }
    return undefined;
  }

  #isReady({ channel, offer }: Wish): boolean {
    if (channel === null) return false;
    if (channel.closed) return true;
    if (offer === undefined) return channel.buffer.length > 0 || this.#find(channel, "send") !== undefined;
    return channel.buffer.length < channel.capacity || this.#find(channel, "receive") !== undefined;
  }

  #proceed({ name, channel, offer }: Wish): Result {
    if (channel === null) throw new Error("model: a nil channel is never ready");
    if (offer !== undefined) {
      if (channel.closed) return { is: "panic", text: "send on closed channel" };
      const receiver = this.#take(channel, "receive");
      if (receiver === undefined) channel.buffer.push(offer);
      else receiver.parked.settle({ is: "chosen", name: receiver.wish.name, value: offer, ok: true });
      return { is: "chosen", name, value: undefined, ok: true };
    }
    const sender = this.#take(channel, "send");
    if (sender !== undefined) {
      channel.buffer.push(sender.wish.offer as number);
      sender.parked.settle({ is: "chosen", name: sender.wish.name, value: undefined, ok: true });
    }
    if (channel.buffer.length === 0) return { is: "chosen", name, value: undefined, ok: false };
    return { is: "chosen", name, value: channel.buffer.shift(), ok: true };
  }

  #find(channel: ModelChannel, direction: "send" | "receive"): { parked: Parked; wish: Wish } | undefined {
    for (const parked of this.#parked) {
      const wish = parked.wishes.find(
        (each) => each.channel === channel && (each.offer !== undefined) === (direction === "send"),
      );
      if (wish !== undefined) return { parked, wish };
    }
    return undefined;
  }

  #take(channel: ModelChannel, direction: "send" | "receive"): { parked: Parked; wish: Wish } | undefined {
    const found = this.#find(channel, direction);
    if (found !== undefined) this.#parked = this.#parked.filter((each) => each !== found.parked);
    return found;
  }
}
