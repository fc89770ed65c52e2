/**
 * What a log keeps of a value, and how it is shown. A log that a server keeps all the time must not keep the values of the
 * program alive: each would survive the collections that it was made to die in, which costs a server more than all the rest
 * of the log.
 */

/** So many characters of a text are shown. */
const longest = 30;

/** Stands for a value that is not kept. */
export class Preview {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Stands for an array. Its text is made when it is read. */
class ArrayPreview extends Preview {
  readonly #length: number;

  constructor(length: number) {
    super("");
    this.#length = length;
  }

  override toString(): string {
    return `[${this.#length} values]`;
  }
}

/** Stands for an error. */
class ErrorPreview extends Preview {
  readonly #name: string;
  readonly message: string;

  constructor({ name, message }: Error) {
    super("");
    this.#name = name;
    this.message = message;
  }

  override toString(): string {
    return `${this.#name}: ${this.message}`;
  }
}

/** Most objects look the same. */
const anObject = new Preview("{…}");

/** Returns what shows as the value does, and keeps neither it nor what it refers to alive. */
export function preview(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return copied(value);
    case "function":
    case "object":
      return value === null ? null : previewOf(value);
    default:
      return value;
  }
}

function previewOf(value: object): unknown {
  try {
    if (typeof value === "function") return new Preview(shown(value));
    if (value instanceof Error) return new ErrorPreview(value);
    if (Array.isArray(value)) return new ArrayPreview(value.length);
  } catch {
    // A proxy may refuse to be looked at, and the operation must not hear of that.
  }
  return anObject;
}

/** Copies the start of a text: a part of a text keeps the whole of it alive. */
function copied(text: string): string {
  const start = text.length > longest ? `${text.slice(0, longest)}…` : text;
  // Texts that are this short are never parts of others.
  return start.length < 13 ? start : ` ${start}`.slice(1);
}

/** Shows a value in a few characters. It may be anything. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
  }
  if (value instanceof Preview) return value.toString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "function") return `function ${value.name}`.trimEnd();
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? `[${value.length} values]` : "{…}";
}

/** Shows why a context ended. */
export function shownCause(value: unknown): string {
  return value instanceof Error || value instanceof ErrorPreview ? value.message : shown(value);
}
