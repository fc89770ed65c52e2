import { formatDuration } from "../time/duration.ts";

/**
 * A value of a named type that is not a struct, as an interface holds it: Go's `Weekday(3)` in an `any`. The box
 * carries the type's methods, so that it can be an `error` or a `Stringer`, and its type for `fmt` and type switches.
 *
 * @example
 * ```ts
 * class Celsius extends Boxed<number> {
 *   static override typeName = "main.Celsius";
 *   string() {
 *     return `${this.value}°C`;
 *   }
 * }
 * console.log(fmt.sprint(box(Celsius, 20)), fmt.sprintf("%T", box(Celsius, 20))); // 20°C main.Celsius
 * ```
 */
export abstract class Boxed<T> {
  /** The type's name, as `%T` prints it. */
  static typeName = "";
  /** The underlying type, where the values do not show it: `float64`, `uint8`. */
  static underlying: string | undefined;

  /** The value itself. */
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  /**
   * Returns the value, so that operators work.
   *
   * @example
   * ```ts
   * console.log(float64(2).valueOf() + 1); // 3
   * ```
   */
  valueOf(): T {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }

  /**
   * Returns the value as Go would have it, for verbs like `%d`.
   *
   * @example
   * ```ts
   * console.log(float64(2).goValue()); // 2
   * ```
   */
  goValue(): unknown {
    return this.value;
  }
}

/**
 * Boxes a value in a class of its type.
 *
 * @example
 * ```ts
 * console.log(box(Float, 1e6).value, fmt.sprint(box(Float, 1e6))); // 1000000 1e+06
 * ```
 */
export function box<T, B extends Boxed<T>>(type: new (value: T) => B, value: NoInfer<T>): B {
  return new type(value);
}

/**
 * Returns the value in a box; any other value as it is.
 *
 * @example
 * ```ts
 * console.log(unbox(float64(0.5)), unbox("a")); // 0.5 a
 * ```
 */
export function unbox(value: unknown): unknown {
  return value instanceof Boxed ? value.value : value;
}

/** A `float64` in an interface: it prints as a float even if it is whole, see {@link float64}. */
export class Float extends Boxed<number> {
  static override typeName = "float64";
  static override underlying = "float64";
}

/**
 * Marks a number as a `float64` for a parameter of type `any`: `fmt.println(float64(1e6))` prints `1e+06`.
 *
 * @example
 * ```ts
 * console.log(fmt.sprint(float64(1e6), 1e6)); // 1e+06 1000000
 * ```
 */
export function float64(value: number): Float {
  return new Float(value);
}

/** A `time.Duration` in an interface: it prints as a duration, see {@link duration}. */
export class Duration extends Boxed<number> {
  static override typeName = "time.Duration";
  static override underlying = "int64";

  override toString(): string {
    return formatDuration(this.value);
  }

  /**
   * Returns the nanoseconds, which `%d` prints.
   *
   * @example
   * ```ts
   * console.log(duration(1).goValue()); // 1000000
   * ```
   */
  override goValue(): number {
    return Math.round(this.value * 1e6);
  }
}

/**
 * Marks a number of milliseconds as a `time.Duration` for a parameter of type `any`.
 *
 * @example
 * ```ts
 * console.log(fmt.sprint(duration(1500)), fmt.sprintf("%d", duration(1))); // 1.5s 1000000
 * ```
 */
export function duration(milliseconds: number): Duration {
  return new Duration(milliseconds);
}
