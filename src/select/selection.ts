import { Channel, sendOnClosed } from "../chan/channel.ts";
import { WaitingRoom } from "../chan/room.ts";
import { enterOrWait } from "../chan/wait.ts";
import { choose, type WaitState } from "../runtime/hooks.ts";
import { asNothing, type Group, park, Waiter, wake, wakeThrowing } from "../runtime/waiter.ts";
import type { Operand, AnySendCase } from "./case.ts";

/** What a select yields, before its type is known. */
export interface Outcome {
  case: string;
  value: unknown;
  ok: boolean;
}

/** The index that means that no case can proceed. */
export const none = -1;

/**
 * The cases of a select, and the group of waiters that it parks: one in the queue of each enabled case's channel.
 * `select` and the reusable form differ in where the result objects come from and what happens afterwards.
 */
export abstract class CaseList implements Group {
  resume: (result: never) => void = idle;
  get state(): WaitState {
    return "select";
  }
  /** The cases are the first `size` of these. The arrays begin with two slots, because a growing one takes seventeen. */
  protected size = 0;
  protected readonly names: string[] = ["", ""];
  protected readonly operands: Operand[] = [undefined, undefined];
  /** One for each case that ever waited; made once, in no queue while the select is not parked. */
  readonly #waiters: (Waiter | undefined)[] = [undefined, undefined];

  /** Returns the index of a case that can proceed, the default's if there is one, or `none`. */
  choose(): number {
    // Asking what is behind a channel may end a context, which may run code of the user's. The look at all the cases
    // comes after that, and nothing comes between the look and what is done about it.
    for (let i = 0; i < this.size; i++) {
      const operand = this.operands[i];
      if (operand instanceof Channel) operand.poll();
    }
    let count = 0;
    let first = none;
    let byDefault = none;
    for (let i = 0; i < this.size; i++) {
      const operand = this.operands[i];
      if (operand === "default") byDefault = i;
      else if (operand !== undefined && isReady(operand) && count++ === 0) first = i;
    }
    if (count === 0) return byDefault;
    return count === 1 ? first : this.#readyAfter(first, choose(count));
  }

  /** Returns the index of the ready case that comes `skip` ready ones after the one at `index`. */
  #readyAfter(index: number, skip: number): number {
    let found = index;
    for (let left = skip; left > 0; left--) {
      do found++;
      while (!this.#canProceed(found));
    }
    return found;
  }

  #canProceed(index: number): boolean {
    const operand = this.operands[index];
    return operand !== undefined && operand !== "default" && isReady(operand);
  }

  /** Carries out the case at `index`, which `choose` has just returned. */
  proceed(index: number): Outcome {
    const operand = this.operands[index];
    if (operand instanceof Channel) {
      const ok = operand.hasValue();
      return this.outcome(index, ok ? operand.take() : undefined, ok);
    }
    if (operand === "default" || operand === undefined) return this.outcome(index, undefined, false);
    const channel = channelOf(operand);
    if (channel.isClosed()) throw sendOnClosed();
    channel.put(operand.value);
    return this.outcome(index, undefined, true);
  }

  /** Waits until a partner serves one of the cases. Only if none can proceed. */
  park(): Promise<Outcome> {
    let enabled = false;
    try {
      for (let i = 0; i < this.size; i++) enabled = this.#enqueue(i) || enabled;
    } catch (error) {
      // The attached choice has failed: the cases that are queued must not stay so.
      this.#withdraw();
      throw error;
    }
    if (enabled) return park(this, this.state);
    return enterOrWait("select", undefined, () => (this.size === 0 ? noCases : onlyNilCases));
  }

  /** Queues the case at `index`, and tells whether there is anything to queue. */
  #enqueue(index: number): boolean {
    const operand = this.operands[index];
    if (operand === undefined || operand === "default") return false;
    const waiter = (this.#waiters[index] ??= new Waiter(asNothing, undefined, this));
    if (operand instanceof Channel) {
      operand.addReceiver(waiter);
    } else {
      waiter.value = operand.value;
      channelOf(operand).addSender(waiter);
    }
    if (waiter.prev?.group === this) this.#shuffle(index);
    return true;
  }

  /**
   * Gives the case at `index`, which has just been queued behind others of the same select, one of their places at random:
   * a partner serves the first, and no case is to be preferred.
   */
  #shuffle(index: number): void {
    const waiters = this.#waiters as Waiter[];
    const own = waiters[index] as Waiter;
    const same: number[] = [];
    for (let i = 0; i < index; i++) if (waiters[i]?.queue === own.queue) same.push(i);
    const other = same[choose(same.length + 1)];
    if (other === undefined) return;
    const before = waiters[other] as Waiter;
    waiters[other] = own;
    waiters[index] = before;
    [own.value, before.value] = [before.value, own.value];
  }

  serve(waiter: Waiter, value: unknown, ok: boolean): void {
    this.#withdraw();
    wake(this, this.outcome(this.#waiters.indexOf(waiter), value, ok));
    this.#end();
  }

  fail(_: Waiter, make: () => Error): void {
    this.#withdraw();
    wakeThrowing(this, make);
    this.#end();
  }

  /** Makes the result for the case at `index`. */
  protected abstract outcome(index: number, value: unknown, ok: boolean): Outcome;

  /** Is called when a parked select has got its result. */
  protected abstract over(): void;

  #end(): void {
    // Kept in the pool, the function would keep the promise and its result alive.
    this.resume = idle;
    this.over();
  }

  #withdraw(): void {
    for (let i = 0; i < this.size; i++) {
      const waiter = this.#waiters[i];
      if (waiter === undefined) continue;
      waiter.queue?.remove(waiter);
      waiter.value = undefined;
    }
  }
}

function idle(): void {}

/** Tells whether a case can proceed now; a send on a closed channel can, to its panic. */
function isReady(operand: Channel<unknown> | AnySendCase): boolean {
  if (operand instanceof Channel) return operand.hasValue() || operand.isClosed();
  const channel = channelOf(operand);
  return channel.isClosed() || channel.hasRoom();
}

function channelOf(operand: AnySendCase): Channel<unknown> {
  return operand.channel as Channel<unknown>;
}

/** The state of one `select`. Taken from a pool, because a select that makes all of it anew takes half as long again. */
export class Selection extends CaseList {
  add(name: string, operand: Operand): void {
    this.names[this.size] = name;
    this.operands[this.size] = operand;
    this.size++;
  }

  /** Puts the state back, with nothing in it that could be kept alive. */
  recycle(): void {
    for (let i = 0; i < this.size; i++) this.operands[i] = undefined;
    this.size = 0;
    if (pool.length < maxPool) pool.push(this);
  }

  protected outcome(index: number, value: unknown, ok: boolean): Outcome {
    return { case: this.names[index] as string, value, ok };
  }

  protected over(): void {
    this.recycle();
  }
}

const maxPool = 64;
const pool: Selection[] = [];

/** Returns an empty selection, which goes back by itself once it was parked, and else by `recycle`. */
export function takeSelection(): Selection {
  return pool.pop() ?? new Selection();
}

/** Those who wait in a select of which no case can ever proceed. */
const noCases = new WaitingRoom("select (no cases)");
const onlyNilCases = new WaitingRoom("select");
