/** The flags between the `%` and the verb. */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`: the flag selects the names of fields, not signs. */
  plusV: boolean;
  /** `%#v`: the flag selects Go's syntax. */
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function noFlags(): Flags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  };
}

/** Pads a text to the width, which counts code points. */
export function pad(flags: Flags, text: string, zero: boolean = flags.zero): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const missing = flags.width - countRunes(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}

function countRunes(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
