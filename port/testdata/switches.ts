// Switches: on values, without a value, with fallthrough, on types; labels and goto.
import { errors, main } from "gocsp";
import { asError, box, Boxed, Float, float64, typed, unbox } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

type Color = number;

/** A color in an interface: the value with its methods. */
class ColorValue extends Boxed<Color> {
  static override typeName = "main.color";

  override toString(): string {
    return colorString(this.value);
  }
}

const red = 0;
const green = 1;
const blue = 2;
const last = blue;

export function colorString(c: Color): string {
  switch (c) {
    case red:
      return "red";
    case green:
    case blue:
      return "cool";
  }
  return `color(${c})`;
}

interface Shape {
  area(): number;
}

class Square {
  side = 0;

  constructor(init?: Partial<Square>) {
    Object.assign(this, init);
  }

  area(): number {
    return this.side * this.side;
  }
}

class Circle {
  r = 0;

  constructor(init?: Partial<Circle>) {
    Object.assign(this, init);
  }

  area(): number {
    return 3 * this.r * this.r;
  }
}

class CodeError extends Error {
  code = 0;

  constructor(init?: Partial<CodeError>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return `code ${this.code}`;
  }
}

function describe(v: unknown): string {
  if (v === undefined) {
    return "nothing";
  } else if (typeof v === "number") {
    return fmt.sprint("int ", v + 1);
  } else if (typeof v === "string" || typeof v === "boolean") {
    return fmt.sprint("plain ", v);
  } else if (v instanceof Float) {
    const v1 = (unbox(v) as number);
    return fmt.sprint("float ", float64(v1 / 2));
  } else if (v instanceof ColorValue) {
    const v1 = (unbox(v) as Color);
    return "color " + colorString(v1);
  } else if (Array.isArray(v) && (v.length === 0 || typeof v[0] === "string")) {
    const v1 = v as string[];
    return fmt.sprint(v1.length, " strings");
  } else if (v instanceof Square) {
    return fmt.sprint("square ", float64(v.side));
  } else if (v instanceof Circle) {
    return fmt.sprint("circle ", float64(v.r));
  } else if (v instanceof Error) {
    return "error " + v.message;
  } else if (typeof v === "function") {
    const v1 = v as () => number;
    return fmt.sprint("function ", v1());
  } else {
    return "something else";
  }
}

function grade(n: number): string {
  let s = "";
  if (n > 90) {
    s = "great, ";

    s += "passed";
  } else if (n > 50) {
    s += "passed";
  } else if (n < 0) {
    return "impossible";
  } else {
    s = "failed";
  }
  return s;
}

function find(grid: number[][], want: number): [number, number] {
  outer: for (const [i, row] of grid.entries()) {
    for (const [j, n] of row.entries()) {
      if (n === want) {
        return [i, j];
      } else if (n < 0) {
        continue outer;
      } else if (n > 100) {
        break outer;
      }
    }
  }
  return [-1, -1];
}

function retry(): number {
  let tries = 0;
  again: for (;;) {
    tries++;
    if (tries < 3) {
      continue again;
    }
    return tries;
  }
}

main(() => {
  fmt.println(box(ColorValue, red), box(ColorValue, blue), box(ColorValue, last), box(ColorValue, 7));
  for (const v of [
    undefined,
    1,
    "s",
    true,
    float64(2.5),
    box(ColorValue, green),
    ["a"],
    new Square({ side: 3 }),
    new Circle({ r: 2 }),
    new Error("e"),
    new CodeError({ code: 4 }),
    () => 9,
    typed(120 /* 'x' */, "int32"),
    {},
  ]) {
    console.log(describe(v));
  }
  fmt.println(grade(95), grade(60), grade(10), grade(-1));
  fmt.println(...find([[1, -1, 5], [5, 2]], 5));
  fmt.println(...find([[101, 5]], 5));
  console.log(retry());

  const shapes: Shape[] = [new Square({ side: 2 }), new Circle({ r: 1 })];
  let total = 0;
  for (const s of shapes) {
    const ok = s instanceof Square;
    const sq = ok ? (s as Square) : new Square();
    if (ok) {
      total += sq.side;
    }
    total += s.area();
  }
  fmt.println(float64(total));

  const err: Error = new CodeError({ code: 404 });
  const wrapped = fmt.errorf("request: %w", err);
  let ce: CodeError | undefined;
  if (asError(wrapped, (e) => e instanceof CodeError, (e) => { ce = e as CodeError; })) {
    fmt.println(ce!.code, errors.is(wrapped, err), wrapped);
  }
  const x: number = 4;
  switch (x) {
    case 3:
      console.log("three");
      break;
    case 4:
      console.log("four");
  }
});
