/** Reads format strings. */
import { valueOf } from "../types.ts";
import { noFlags } from "./flags.ts";
import { operandOf, Printer } from "./printer.ts";

/** The largest width and precision. */
const largest = 1e6;

/** The text, and the indexes of the arguments that `%w` printed. */
export interface Formatted {
  readonly text: string;
  readonly wrapped: readonly number[];
}

/**
 * Formats as Go's `Sprintf`. Errors of the template appear in the text: `%!d(string=hi)`, `%!d(MISSING)`, `%!(EXTRA
 * int=1)`.
 */
export function format(template: string, args: readonly unknown[], wraps: boolean): Formatted {
  return new Directives(template, args, wraps).run();
}

class Directives {
  readonly #template: string;
  readonly #args: readonly unknown[];
  readonly #printer: Printer;
  readonly #wrapped: number[] = [];
  #at = 0;
  /** The index of the next argument. */
  #next = 0;
  /** A directive has named its argument, as in `%[1]d`. Unused arguments are not reported then. */
  #reordered = false;
  /** The argument that was named exists. */
  #goodIndex = true;
  /** The last thing read was an index. */
  #afterIndex = false;
  #flags = noFlags();

  constructor(template: string, args: readonly unknown[], wraps: boolean) {
    this.#template = template;
    this.#args = args;
    this.#printer = new Printer(wraps);
  }

  run(): Formatted {
    const template = this.#template;
    let text = "";
    for (;;) {
      const percent = template.indexOf("%", this.#at);
      if (percent < 0) {
        text += template.slice(this.#at);
        break;
      }
      text += template.slice(this.#at, percent);
      this.#at = percent + 1;
      text += this.#directive();
    }
    if (!this.#reordered && this.#next < this.#args.length) text += this.#extra();
    return { text, wrapped: this.#wrapped };
  }

  #directive(): string {
    const template = this.#template;
    this.#flags = noFlags();
    this.#goodIndex = true;
    this.#readFlags();
    this.#readIndex();
    let errors = this.#readWidth();
    if (template[this.#at] === "." && this.#at + 1 < template.length) errors += this.#readPrecision();
    if (!this.#afterIndex) this.#readIndex();
    const code = template.codePointAt(this.#at);
    if (code === undefined) return `${errors}%!(NOVERB)`;
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    return errors + this.#verb(verb);
  }

  #readFlags(): void {
    for (; ; this.#at++) {
      switch (this.#template[this.#at]) {
        case "#":
          this.#flags.sharp = true;
          break;
        case "0":
          this.#flags.zero = true;
          break;
        case "+":
          this.#flags.plus = true;
          break;
        case "-":
          this.#flags.minus = true;
          break;
        case " ":
          this.#flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** Reads an index like `[3]`, which counts from one. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#template[this.#at] !== "[") return;
    this.#reordered = true;
    const end = this.#template.indexOf("]", this.#at);
    if (end < 0) {
      this.#goodIndex = false;
      this.#at++;
      return;
    }
    const inside = this.#template.slice(this.#at + 1, end);
    this.#at = end + 1;
    const index = /^\d+$/.test(inside) && Number(inside) <= largest * 10 ? Number(inside) - 1 : undefined;
    this.#afterIndex = index !== undefined;
    if (index !== undefined && index >= 0 && index < this.#args.length) this.#next = index;
    else this.#goodIndex = false;
  }

  #readWidth(): string {
    const flags = this.#flags;
    if (this.#template[this.#at] === "*") {
      this.#at++;
      flags.width = this.#starred();
      this.#afterIndex = false;
      if (flags.width === undefined) return "%!(BADWIDTH)";
      if (flags.width < 0) {
        flags.width = -flags.width;
        flags.minus = true;
        flags.zero = false;
      }
      return "";
    }
    flags.width = this.#readNumber();
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
    return "";
  }

  #readPrecision(): string {
    const flags = this.#flags;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#template[this.#at] !== "*") {
      flags.precision = this.#readNumber() ?? 0;
      return "";
    }
    this.#at++;
    const precision = this.#starred();
    this.#afterIndex = false;
    flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    return flags.precision === undefined ? "%!(BADPREC)" : "";
  }

  /** Takes the next argument for a `*`; undefined if it is not an integer, or too large. */
  #starred(): number | undefined {
    if (this.#next >= this.#args.length) return undefined;
    const { value, type } = operandOf(this.#args[this.#next++]);
    if (type.kind !== "int" && type.kind !== "uint") return undefined;
    const number = Number(value);
    return Math.abs(number) > largest ? undefined : number;
  }

  /** Reads decimal digits. A number that is too large ends the format, as in Go. */
  #readNumber(): number | undefined {
    const digits = /^\d*/.exec(this.#template.slice(this.#at, this.#at + 20))?.[0] ?? "";
    if (digits === "") return undefined;
    if (Number(digits.slice(0, -1)) > largest) {
      this.#at = this.#template.length;
      return undefined;
    }
    this.#at += digits.length;
    return Number(digits);
  }

  #verb(verb: string): string {
    if (verb === "%") return "%";
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.#next >= this.#args.length) return `%!${verb}(MISSING)`;
    if (verb === "w") this.#wrapped.push(this.#next);
    if (verb === "v" || verb === "w") {
      const flags = this.#flags;
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    return this.#printer.print(this.#flags, this.#args[this.#next++], verb);
  }

  #extra(): string {
    const rest = this.#args.slice(this.#next).map((argument) => {
      if (valueOf(argument) === undefined || valueOf(argument) === null) return "<nil>";
      return `${operandOf(argument).type.name}=${this.#printer.print(noFlags(), argument, "v")}`;
    });
    return `%!(EXTRA ${rest.join(", ")})`;
  }
}
