/** Which line of one text says the same as which line of the other: for programs that were written line by line. */

/** Returns pairs of line numbers, from 1, in order. */
export function align(left: string, right: string): [number, number][] {
  const [a, b] = [left, right].map((text) => text.split("\n").map(words)) as [Set<string>[], Set<string>[]];
  const best: Float64Array[] = Array.from({ length: a.length + 1 }, () => new Float64Array(b.length + 1));
  const at = (i: number, j: number): number => (best[i] as Float64Array)[j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const paired = likeness(a[i] as Set<string>, b[j] as Set<string>) + at(i + 1, j + 1);
      (best[i] as Float64Array)[j] = Math.max(paired, at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const like = likeness(a[i] as Set<string>, b[j] as Set<string>);
    if (like > 0 && at(i, j) === like + at(i + 1, j + 1)) pairs.push([++i, ++j]);
    else if (at(i, j) === at(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}

/** Words that mean the same in Go and in TypeScript. */
const same: Readonly<Record<string, string>> = {
  fmt: "console",
  println: "log",
  printf: "log",
  func: "const",
  make: "chan",
  struct: "void",
  nil: "undefined",
  range: "of",
  switch: "select",
};

/** Words that say nothing. */
const common = new Set(["async", "await", "return", "let", "var", "int", "number", "string", "type", "true", "false"]);

function words(line: string): Set<string> {
  const found = new Set<string>();
  for (const word of line.match(/<-\w+|\w+\s*<-|[A-Za-z_]\w*|\d+/g) ?? []) {
    // An arrow is a send or a receive.
    if (word.startsWith("<-")) found.add("receive").add(word.slice(2).toLowerCase());
    else if (word.endsWith("<-")) found.add("send").add(word.slice(0, -2).trim().toLowerCase());
    else {
      const lower = word.toLowerCase();
      if (!common.has(lower)) found.add(same[lower] ?? lower);
    }
  }
  return found;
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  const share = both / (a.size + b.size - both);
  return share < 0.2 ? 0 : share;
}
