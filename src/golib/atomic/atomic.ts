/**
 * Variables that goroutines share. Mirrors Go's `sync/atomic` package, with the `inc` and `dec` of `go.uber.org/atomic`.
 *
 * JavaScript has one thread, so a plain variable does the same wherever nothing is awaited between reading and writing.
 * These classes let ported code keep its shape.
 *
 * @module
 */

import { PanicError } from "../../runtime/panic.ts";
import { Boxed } from "../boxed.ts";
import { equal } from "../equal.ts";
import { int32, uint32 } from "../integers.ts";
import type { Ref } from "../ref.ts";
import { typeName } from "../types.ts";

/** A number that wraps as its type does in Go. */
abstract class AtomicNumber {
  #value: number;

  constructor(value: number = 0) {
    this.#value = this.wrap(value);
  }

  protected abstract wrap(value: number): number;

  load(): number {
    return this.#value;
  }

  store(value: number): void {
    this.#value = this.wrap(value);
  }

  /** Adds and returns the new value. */
  add(delta: number): number {
    this.#value = this.wrap(this.#value + delta);
    return this.#value;
  }

  /** Subtracts and returns the new value. */
  sub(delta: number): number {
    return this.add(-delta);
  }

  /** Adds one and returns the new value. */
  inc(): number {
    return this.add(1);
  }

  /** Subtracts one and returns the new value. */
  dec(): number {
    return this.add(-1);
  }

  /** Stores a value and returns the old one. */
  swap(value: number): number {
    const before = this.#value;
    this.store(value);
    return before;
  }

  /** Stores a value if the old one is as expected, and tells whether it was. */
  compareAndSwap(before: number, value: number): boolean {
    if (this.#value !== before) return false;
    this.store(value);
    return true;
  }

  /** Keeps the bits of a mask and returns the old value. */
  and(mask: number): number {
    const before = this.#value;
    this.store(Number(BigInt(before) & BigInt(mask)));
    return before;
  }

  /** Adds the bits of a mask and returns the old value. */
  or(mask: number): number {
    const before = this.#value;
    this.store(Number(BigInt(before) | BigInt(mask)));
    return before;
  }

  toString(): string {
    return `${this.#value}`;
  }
}

/** An `int32` that wraps around. Mirrors Go's `atomic.Int32`. */
export class Int32 extends AtomicNumber {
  protected override wrap(value: number): number {
    return int32(value);
  }
}

/** A `uint32` that wraps around. Mirrors Go's `atomic.Uint32`. */
export class Uint32 extends AtomicNumber {
  protected override wrap(value: number): number {
    return uint32(value);
  }
}

/** An `int64`, exact up to 2^53. Mirrors Go's `atomic.Int64`. */
export class Int64 extends AtomicNumber {
  protected override wrap(value: number): number {
    return value;
  }
}

/** A `uint64`, exact up to 2^53. Mirrors Go's `atomic.Uint64`: below zero it wraps around to 2^64. */
export class Uint64 extends AtomicNumber {
  protected override wrap(value: number): number {
    return value < 0 ? Number(BigInt.asUintN(64, BigInt(value))) : value;
  }
}

/** Mirrors Go's `atomic.Uintptr`. */
export class Uintptr extends Uint64 {}

/** A `float64`, as `go.uber.org/atomic` has it. */
export class Float64 extends AtomicNumber {
  protected override wrap(value: number): number {
    return value;
  }
}

/** A duration, as `go.uber.org/atomic` has it. */
export class Duration extends Float64 {}

/** A variable that holds a value of any type. */
class AtomicVariable<T> {
  protected value: T;

  constructor(...[value]: undefined extends T ? [value?: T] : [value: T]) {
    this.value = value as T;
  }

  load(): T {
    return this.value;
  }

  store(value: T): void {
    this.value = value;
  }

  /** Stores a value and returns the old one. */
  swap(value: T): T {
    const before = this.value;
    this.store(value);
    return before;
  }

  /** Stores a value if the old one is as expected, and tells whether it was. */
  compareAndSwap(before: T, value: T): boolean {
    if (this.value !== before) return false;
    this.store(value);
    return true;
  }
}

/** A boolean. Mirrors Go's `atomic.Bool`. */
export class Bool extends AtomicVariable<boolean> {
  constructor(value: boolean = false) {
    super(value);
  }

  /** Inverts the value and returns the old one, as `go.uber.org/atomic` has it. */
  toggle(): boolean {
    return this.swap(!this.value);
  }
}

/** A string, as `go.uber.org/atomic` has it. */
export class String extends AtomicVariable<string> {
  constructor(value: string = "") {
    super(value);
  }
}

/** A pointer. Mirrors Go's `atomic.Pointer`; two pointers are equal if they are the same object. */
export class Pointer<T> extends AtomicVariable<T | undefined> {}

/** An error, as `go.uber.org/atomic` has it. */
export class Error extends Pointer<globalThis.Error> {}

/**
 * A value of any type. All stored values must have the type of the first. Mirrors Go's `atomic.Value`.
 *
 * @example
 * ```ts
 * const config = new atomic.Value<{ debug: boolean }>();
 * config.store({ debug: true });
 * console.log(config.load()); // { debug: true }
 * ```
 */
export class Value<T = unknown> extends AtomicVariable<T | undefined> {
  /**
   * Stores a value.
   *
   * @throws {@link PanicError} `sync/atomic: store of nil value into Value`
   * @throws {@link PanicError} `sync/atomic: store of inconsistently typed value into Value`
   */
  override store(value: T): void {
    this.#replace(value, "store");
  }

  /**
   * Stores a value and returns the old one.
   *
   * @throws {@link PanicError} `sync/atomic: swap of nil value into Value`
   * @throws {@link PanicError} `sync/atomic: swap of inconsistently typed value into Value`
   */
  override swap(value: T): T | undefined {
    return this.#replace(value, "swap");
  }

  /**
   * Stores a value if the old one is as expected, and tells whether it was. Objects are expected by identity.
   *
   * @throws {@link PanicError} `sync/atomic: compare and swap of nil value into Value`
   * @throws {@link PanicError} `sync/atomic: compare and swap of inconsistently typed values`
   */
  override compareAndSwap(before: T | undefined, value: T): boolean {
    const isNew = before === undefined || before === null;
    if (!isNew && !isNil(value) && kindOf(before) !== kindOf(value)) {
      throw new PanicError("sync/atomic: compare and swap of inconsistently typed values");
    }
    const found = this.value;
    const same = isNew ? found === undefined : before instanceof Boxed ? equal(before, found) : before === found;
    this.#check(value, "compare and swap");
    if (same) this.value = value;
    return same;
  }

  #replace(value: T, what: string): T | undefined {
    this.#check(value, what);
    const before = this.value;
    this.value = value;
    return before;
  }

  #check(value: T, what: string): void {
    if (isNil(value)) throw new PanicError(`sync/atomic: ${what} of nil value into Value`);
    if (this.value !== undefined && kindOf(this.value) !== kindOf(value)) {
      throw new PanicError(`sync/atomic: ${what} of inconsistently typed value into Value`);
    }
  }
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The type of an object is its class, whatever its fields hold. */
function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value.constructor : typeName(value).replace("float64", "int");
}

type Variable = Ref<number>;

function add(variable: Variable, delta: number, wrap: (value: number) => number): number {
  variable.value = wrap(variable.value + delta);
  return variable.value;
}

function load<T>(variable: Ref<T>): T {
  return variable.value;
}

function store<T>(variable: Ref<T>, value: T): void {
  variable.value = value;
}

function swap<T>(variable: Ref<T>, value: T): T {
  const before = variable.value;
  variable.value = value;
  return before;
}

function compareAndSwap<T>(variable: Ref<T>, before: T, value: T): boolean {
  if (variable.value !== before) return false;
  variable.value = value;
  return true;
}

/** Adds to a variable behind a pointer. Mirrors Go's `atomic.AddInt32`. */
export function addInt32(variable: Variable, delta: number): number {
  return add(variable, delta, int32);
}

/** Adds to a variable behind a pointer. Mirrors Go's `atomic.AddUint32`. */
export function addUint32(variable: Variable, delta: number): number {
  return add(variable, delta, uint32);
}

/** Adds to a variable behind a pointer. Mirrors Go's `atomic.AddInt64`. */
export function addInt64(variable: Variable, delta: number): number {
  return add(variable, delta, (value) => value);
}

export { addInt64 as addUint64, addInt64 as addUintptr };
export {
  load as loadInt32,
  load as loadInt64,
  load as loadPointer,
  load as loadUint32,
  load as loadUint64,
  load as loadUintptr,
};
export {
  store as storeInt32,
  store as storeInt64,
  store as storePointer,
  store as storeUint32,
  store as storeUint64,
  store as storeUintptr,
};
export { swap as swapInt32, swap as swapInt64, swap as swapPointer, swap as swapUint32, swap as swapUint64 };
export {
  compareAndSwap as compareAndSwapInt32,
  compareAndSwap as compareAndSwapInt64,
  compareAndSwap as compareAndSwapPointer,
  compareAndSwap as compareAndSwapUint32,
  compareAndSwap as compareAndSwapUint64,
};
