/**
 * The format that `go tool pprof` opens: `profile.proto` of github.com/google/pprof, without compression.
 */

import { host } from "../runtime/host.ts";
import type { Frame } from "../runtime/stack.ts";
import type { Sample } from "./sample.ts";

/** What a profile counts, as `goroutine` in the unit `count`. */
export interface ValueType {
  readonly type: string;
  readonly unit: string;
}

/** The bytes of a message, field by field. */
class Message {
  readonly #bytes: number[] = [];

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  number(field: number, value: number): this {
    if (value === 0) return this;
    varint(this.#bytes, field << 3);
    varint(this.#bytes, value);
    return this;
  }

  message(field: number, value: Message): this {
    return this.#delimited(field, value.#bytes);
  }

  text(field: number, value: string): this {
    return this.#delimited(field, new host.TextEncoder().encode(value));
  }

  numbers(field: number, values: readonly number[]): this {
    const packed: number[] = [];
    for (const value of values) varint(packed, value);
    return this.#delimited(field, packed);
  }

  #delimited(field: number, bytes: Iterable<number> & { readonly length: number }): this {
    varint(this.#bytes, (field << 3) | 2);
    varint(this.#bytes, bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }
}

/** Seven bits a byte, the lowest first. Not by shifts: times in nanoseconds have more than 32 bits. */
function varint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Numbers for things, from 1 in the order in which they are first seen. */
class Numbers {
  readonly #numbers = new Map<string, number>();

  of(key: string, isNew: (number: number) => void): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      this.#numbers.set(key, (number = this.#numbers.size + 1));
      isNew(number);
    }
    return number;
  }
}

/** Encodes a profile that was taken at `now`, in milliseconds since 1970. */
export function encode(types: readonly ValueType[], samples: readonly Sample[], now: number): Uint8Array {
  const profile = new Message();
  const strings: string[] = [""];
  const stringNumbers = new Numbers();
  const text = (value: string): number => (value === "" ? 0 : stringNumbers.of(value, () => strings.push(value)));
  const valueType = ({ type, unit }: ValueType): Message => new Message().number(1, text(type)).number(2, text(unit));
  const functions = new Numbers();
  const locations = new Numbers();

  const locationOf = ({ name, at }: Frame): number => {
    const [, file = at, line = "0"] = /^(.*?):(\d+)(?::\d+)?$/.exec(at) ?? [];
    const shown = name === "" ? `func ${file.replace(/^.*[/\\]/, "")}:${line}` : name;
    return locations.of(`${shown} ${at}`, (location) => {
      const f = functions.of(`${shown} ${file}`, (number) => {
        const message = new Message().number(1, number).number(2, text(shown)).number(3, text(shown));
        profile.message(5, message.number(4, text(file)));
      });
      // An address that nothing has: tools take locations without one for the same.
      const message = new Message().number(1, location).number(3, location);
      profile.message(4, message.message(4, new Message().number(1, f).number(2, Number(line))));
    });
  };

  for (const type of types) profile.message(1, valueType(type));
  for (const { state, frames, values } of samples) {
    const sample = new Message().numbers(1, frames.map(locationOf)).numbers(2, values.map(Math.round));
    profile.message(2, sample.message(3, new Message().number(1, text("state")).number(2, text(state))));
  }
  profile.number(9, now * 1e6);
  profile.message(11, valueType(types[0] as ValueType)).number(12, 1);
  for (const value of strings) profile.text(6, value);
  return profile.bytes;
}
