// Types that are declared as others, and values that are converted: pointers keep their objects, a type switch has a
// variable of its own, a named slice has the methods of its box.
import { main, sync } from "gocsp";
import { asserted, assignSlice, at, box, Boxed, type Ref, ref, slice, view, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as heap from "gocsp/golib/heap";

/** timer is what its users see; the clock sees the same object as an internalTimer. */
class Timer {
  next_ = 0;
  stopped = false;
  name = "";

  constructor(init?: Partial<Timer>) {
    Object.assign(this, init);
  }

  stop(): boolean {
    const was = this.stopped;
    this.stopped = true;
    return !was;
  }

  next(): number {
    return this.next_;
  }

  tick(now: number): void {
    if (!this.stopped) {
      fmt.println(this.name, "at", now);
    }
    this.next_ += 10;
  }
}

type InternalTimer = Timer; // the same class, with the methods of both

interface Ticking {
  next(): number;
  tick(now: number): void;
}

class Clock {
  timers: Ticking[] = [];

  constructor(init?: Partial<Clock>) {
    Object.assign(this, init);
  }

  add(t: Timer): Timer {
    this.timers.push(t);
    return t;
  }

  advance(to: number): void {
    for (const t of this.timers.slice()) {
      while (t.next() <= to) {
        t.tick(t.next());
      }
    }
  }
}

class Wrapped extends Error {
  err!: Error;

  constructor(init?: Partial<Wrapped>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return "wrapped: " + this.err.message;
  }
}

/** unwrap assigns the variable of the type switch; the one outside keeps its value. */
function unwrap(err: Error): [string, Error] {
  let text = "";
  if (err instanceof Wrapped) {
    let err1: Wrapped | undefined = err;
    if (err1.err.message === "first") {
      err1 = new Wrapped({ err: new Error("second") });
    }
    text = err1.message;
  } else {
    text = "plain";
  }
  return [text, err];
}

/** queue has a method that differs from another one only in its first letter. */
type Queue<T> = Entry<T>[];

class Entry<T> {
  value: T = zero<T>();
  priority = 0;

  constructor(init?: Partial<Entry<T>>) {
    Object.assign(this, init);
  }
}

function queuePush_<T>(q: Queue<T>, v: T, priority: number): void {
  heap.push(box(QueueValue<T>, q), new Entry<T>({ value: v, priority }));
}

function queuePop_<T>(q: Queue<T>): T {
  return (heap.pop(box(QueueValue<T>, q)) as Entry<T>).value;
}

export function queueLen<T>(q: Queue<T>): number {
  return q.length;
}

export function queueLess<T>(q: Queue<T>, i: number, j: number): boolean {
  return at(q, i).priority < at(q, j).priority;
}

export function queueSwap<T>(q: Queue<T>, i: number, j: number): void {
  [q[i], q[j]] = [at(q, j), at(q, i)];
}

export function queuePush<T>(q: Queue<T>, x: unknown): void {
  q.push(asserted<Entry<T>>(x, (v) => v instanceof Entry, "*main.entry[T]"));
}

export function queuePop<T>(q: Queue<T>): unknown {
  const old = q;
  const last = at(old, old.length - 1);
  assignSlice(q, old.slice(0, old.length - 1));
  return last;
}

class Workers {
  cache = new sync.Pool<unknown>();
  made = 0;

  constructor(init?: Partial<Workers>) {
    Object.assign(this, init);
  }
}

function newWorkers(): Workers {
  const w = new Workers();
  w.cache = new sync.Pool<unknown>((): unknown => {
    w.made++;
    return fmt.sprint("worker ", w.made);
  });
  return w;
}

/** cut shortens a list, and clears what it cut off. */
function cut(list: Ref<number[]>, n: number): number {
  let rest: number[] = [];
  const [next, next1] = [slice(list.value, 0, n), view(list.value, n)];
  list.value = next;
  rest = next1;
  for (const i of rest.keys()) {
    rest[i] = 0;
  }
  return rest.length;
}

function names(
  first_: string,
  ...rest: string[]
): string {
  return fmt.sprint(first_, rest);
}

/** A queue in an interface: the value with its methods. */
class QueueValue<T> extends Boxed<Queue<T>> {
  static override typeName = "main.queue[T any]";

  push_(v: T, priority: number): void {
    return queuePush_(this.value, v, priority);
  }

  pop_(): T {
    return queuePop_(this.value);
  }

  len(): number {
    return queueLen(this.value);
  }

  less(i: number, j: number): boolean {
    return queueLess(this.value, i, j);
  }

  swap(i: number, j: number): void {
    return queueSwap(this.value, i, j);
  }

  push(x: unknown): void {
    return queuePush(this.value, x);
  }

  pop(): unknown {
    return queuePop(this.value);
  }
}

main(() => {
  const c = new Clock();
  const a = c.add(new Timer({ next_: 5, name: "a" }));
  c.add(new Timer({ next_: 7, name: "b" }));
  c.advance(16);
  console.log(a.stop(), a.stop(), a.next_);
  c.advance(26);

  fmt.println(...unwrap(new Wrapped({ err: new Error("first") })));
  fmt.println(...unwrap(new Error("other")));

  const q: Queue<string> = [];
  queuePush_(q, "low", 3);
  queuePush_(q, "high", 1);
  queuePush_(q, "middle", 2);
  fmt.println(queuePop_(q), queuePop_(q), queueLen(q));

  const numbers = ref<number[]>([1, 2, 3, 4, 5]);
  fmt.println(cut(numbers, 2), numbers.value);

  const w = newWorkers();
  fmt.println(w.cache.get(), w.cache.get(), w.made);
  console.log(names("a", "b", "c"));
});
