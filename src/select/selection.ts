import { Channel, sendOnClosed } from "../chan/channel.ts";
import { hooks, type SelectCase, type WaitState } from "../runtime/hooks.ts";
import { choose } from "../runtime/random.ts";
import { missed, spinning } from "../runtime/turn.ts";
import { asNothing, type Group, park, Waiter, type WaitQueue, wake, wakeThrowing } from "../runtime/waiter.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { type AnySendCase, checkCases, operate, type Operation } from "./case.ts";

/** The result of a select, before its type is known: the name of the case or, for a list, its index. */
export interface Outcome {
  case?: string;
  index?: number;
  value: unknown;
  ok: boolean;
}

/** The index when no case can proceed. */
export const none = -1;

/** One case. Slots are reused by later selects. */
class CaseSlot implements Operation, SelectCase {
  /** For a list, the index as text. */
  name = "";
  channel: Channel<unknown> | undefined;
  send: AnySendCase | undefined;
  /** Made when the case first waits; in no queue while the select is not parked. */
  waiter: Waiter | undefined;

  canProceed(): boolean {
    const { channel } = this;
    if (channel === undefined) return false;
    // A send on a closed channel can proceed: it panics.
    return channel.isClosed() || (this.send === undefined ? channel.hasValue() : channel.hasRoom());
  }
}

/**
 * The cases of a select, and the group of waiters that it parks: one in the queue of each enabled case's channel.
 * The subclasses say where the result objects come from and what happens after a parked select was served.
 */
export abstract class CaseList implements Group {
  resume: (result: never) => void = idle;
  get state(): WaitState {
    return this.size === 0 ? "select (no cases)" : "select";
  }
  /** The cases are the first `size` of these. The array begins with two: one that grows takes room for seventeen. */
  size = 0;
  readonly slots: CaseSlot[] = [new CaseSlot(), new CaseSlot()];
  #default = none;
  /** Whether a channel has a source that must be polled, or an observer. */
  #special = false;
  /** Whether two cases wait in the same queue. */
  #crowded = false;

  /** Appends a case. */
  add(name: string, given: unknown): void {
    const index = this.size;
    if (index === this.slots.length) this.slots.push(new CaseSlot());
    (this.slots[index] as CaseSlot).name = name;
    this.assign(index, given);
    this.size++;
  }

  /** Appends the members of an object, in its order, which is the source order. Each is read once. */
  addAll(what: string, cases: object): void {
    // Most cases are written in braces. The check of all others takes a tenth of a select.
    if ((cases as object | undefined)?.constructor !== Object) checkCases(what, cases);
    for (const name in cases) {
      // Cases may be inherited, but not names that a program has added to Object.prototype. The engine knows the first
      // call in such a loop, and leaves it out; `Object.hasOwn` would take a fifth of a select.
      if (hasOwnProperty.call(cases, name) || !(name in objectPrototype)) {
        this.add(name, (cases as Record<string, unknown>)[name]);
      }
    }
    if (this.size === 0) checkCases(what, cases);
  }

  /** Gives the case at `index` another operation. */
  protected assign(index: number, given: unknown): void {
    const slot = this.slots[index] as CaseSlot;
    const isDefault = operate(slot, slot.name, given);
    if (isDefault) this.#default = index;
    else if (this.#default === index) this.#default = none;
    if (slot.channel?.isSpecial() === true) this.#special = true;
  }

  /** Drops all cases, and every reference in them that could keep an object alive. */
  protected clear(): void {
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i] as CaseSlot;
      slot.channel = slot.send = undefined;
    }
    this.size = 0;
    this.#default = none;
    this.#special = false;
  }

  /** Returns the index of a case that can proceed, the default's if there is one, or `none`. */
  choose(): number {
    return this.#special ? this.#askAndChoose() : this.#choose();
  }

  #askAndChoose(): number {
    // Polling a source may end a context, which may run user code. So all sources are polled before the look at the
    // cases, and nothing runs between the look and the operation.
    for (let i = 0; i < this.size; i++) this.slots[i]?.channel?.poll();
    const chosen = this.#choose();
    if (chosen === none || !spinning) hooks?.select?.(this, this.slots.slice(0, this.size), chosen);
    return chosen;
  }

  #choose(): number {
    let count = 0;
    let first = none;
    for (let i = 0; i < this.size; i++) {
      if ((this.slots[i] as CaseSlot).canProceed() && count++ === 0) first = i;
    }
    if (count === 0) {
      if (this.#default !== none) missed();
      return this.#default;
    }
    return count === 1 ? first : this.#readyAfter(first, choose(count));
  }

  /** Returns the index of the ready case that is `skip` ready cases after the one at `index`. */
  #readyAfter(index: number, skip: number): number {
    let found = index;
    for (let left = skip; left > 0; left--) {
      do found++;
      while (this.slots[found]?.canProceed() === false);
    }
    return found;
  }

  /** Carries out the case at `index`, which `choose` has just returned. */
  proceed(index: number): Outcome {
    const { channel, send } = this.slots[index] as CaseSlot;
    if (channel === undefined) return this.outcome(index, undefined, false);
    if (send === undefined) {
      const ok = channel.hasValue() || !channel.seesEnd();
      return this.outcome(index, ok ? channel.take() : undefined, ok);
    }
    if (channel.isClosed()) throw sendOnClosed();
    channel.put(send.value);
    return this.outcome(index, undefined, true);
  }

  /** Waits until a partner serves one of the cases. Only if none can proceed. */
  park(): Promise<Outcome> {
    let enabled = false;
    try {
      for (let i = 0; i < this.size; i++) enabled = this.#enqueue(i) || enabled;
      if (this.#crowded) this.#shuffle();
    } catch (error) {
      // The attached choice threw: the waiters must not stay queued.
      this.#withdraw();
      throw error;
    }
    if (!enabled) never.addReceiver(new Waiter(asNothing, undefined, this));
    return park(this, this.state, this);
  }

  /** Queues the case at `index`, and tells whether it is enabled. */
  #enqueue(index: number): boolean {
    const slot = this.slots[index] as CaseSlot;
    const { channel, send } = slot;
    if (channel === undefined) return false;
    const waiter = (slot.waiter ??= new Waiter(asNothing, undefined, this));
    if (send === undefined) {
      channel.addReceiver(waiter);
    } else {
      waiter.value = send.value;
      channel.addSender(waiter);
    }
    if (waiter.prev !== waiter && waiter.prev?.group === this) this.#crowded = true;
    return true;
  }

  /**
   * Shuffles the cases that wait in the same queue: a partner serves the first of them, and each must be equally
   * likely.
   */
  #shuffle(): void {
    this.#crowded = false;
    const queues = new Map<WaitQueue, CaseSlot[]>();
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i] as CaseSlot;
      const own = slot.waiter;
      if (own?.queue === undefined) continue;
      const before = queues.get(own.queue);
      if (before === undefined) {
        queues.set(own.queue, [slot]);
        continue;
      }
      const other = before[choose(before.push(slot))] as CaseSlot;
      const taken = other.waiter as Waiter;
      other.waiter = own;
      slot.waiter = taken;
      [own.value, taken.value] = [taken.value, own.value];
    }
  }

  serve(waiter: Waiter, value: unknown, ok: boolean): void {
    this.#withdraw();
    let index = 0;
    while (this.slots[index]?.waiter !== waiter) index++;
    wake(this, this.outcome(index, value, ok));
    this.#end();
  }

  fail(_: Waiter, make: () => Error): void {
    this.#withdraw();
    wakeThrowing(this, make);
    this.#end();
  }

  /** Makes the result for the case at `index`. */
  protected abstract outcome(index: number, value: unknown, ok: boolean): Outcome;

  /** Is called when a parked select has been served. */
  protected abstract over(): void;

  #end(): void {
    // In the pool, the function would keep the promise and its result alive.
    this.resume = idle;
    this.over();
  }

  #withdraw(): void {
    for (let i = 0; i < this.size; i++) {
      const waiter = this.slots[i]?.waiter;
      if (waiter === undefined) continue;
      waiter.queue?.remove(waiter);
      waiter.value = undefined;
    }
  }

  static {
    refuseUnbound(this);
  }
}

function idle(): void {}

const objectPrototype: object = Object.prototype;
const { hasOwnProperty } = objectPrototype;

/** The state of one `select`. It comes from a pool: a select that allocates all of it takes half as long again. */
export class Selection extends CaseList {
  /** Returns the state to the pool. */
  recycle(): void {
    this.clear();
    if (pool.length < maxPool) pool.push(this);
  }

  protected outcome(index: number, value: unknown, ok: boolean): Outcome {
    return { case: (this.slots[index] as CaseSlot).name, value, ok };
  }

  protected over(): void {
    this.recycle();
  }
}

const maxPool = 64;
const pool: Selection[] = [];

/** Returns an empty selection. It returns to the pool by itself after it was parked, otherwise by `recycle`. */
export function takeSelection(): Selection {
  return pool.pop() ?? new Selection();
}

/** The channel on which selects wait of which no case can ever proceed. Nothing else uses it. */
const never = new Channel<never>(0);
