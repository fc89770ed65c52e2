/**
 * How rows become objects. A function that is compiled for the names of the columns does it in 20 ns a row; one that
 * copies an object and assigns to it by name in 80 to 400, the more the more kinds of rows a program reads, because the
 * engine then looks up each property. It costs some microseconds once, so it is made for results of many rows.
 */

/** A row as an object: its values by the names of the columns. */
export type RowObject = Record<string, unknown>;

/** The values of one row, in the order of the columns. */
export type Values = readonly unknown[];

/** Makes an object of a row. */
export type RowMaker = (row: Values) => RowObject;

/** After how many rows of a result it pays to compile. */
const many = 64;

/** How many compiled functions are kept: the one that was made first goes first. */
const mostKept = 256;

/** What was compiled, by the names of the columns. */
const compiled = new Map<string, RowMaker>();

/** Whether the host lets a program make functions of text: where it does not, asking again would fill its log. */
let mayCompile = true;

/** Returns what makes objects of rows whose columns have these names, all of them different. */
export function makerOf(names: readonly string[]): RowMaker {
  const copy = copying(names);
  let make = copy;
  let left = many;
  return (row) => {
    if (left > 0 && --left === 0) make = compiledFor(names) ?? copy;
    return make(row);
  };
}

/** Copies an object with the right properties, which is several times faster than to make one of entries. */
function copying(names: readonly string[]): RowMaker {
  // A column called __proto__ is an own property of it, so that to assign it does not change the prototype.
  const empty: RowObject = Object.fromEntries(names.map((name) => [name, null]));
  return (row) => {
    const object = { ...empty };
    for (let i = 0; i < names.length; i++) object[names[i] as string] = row[i];
    return object;
  };
}

/** Returns a function of its own for these names; undefined where the host forbids that. */
function compiledFor(names: readonly string[]): RowMaker | undefined {
  const key = JSON.stringify(names);
  const known = compiled.get(key);
  if (known !== undefined || !mayCompile) return known;
  let make: RowMaker;
  try {
    // The names are literals, so nothing of them is code; in brackets __proto__ is a property like any other.
    const keys = names.map((name) => (name === "__proto__" ? '["__proto__"]' : JSON.stringify(name)));
    const properties = keys.map((key, i) => `${key}: row[${i}]`);
    // oxlint-disable-next-line typescript/no-implied-eval
    make = new Function("row", `return { ${properties.join(", ")} };`) as RowMaker;
  } catch {
    mayCompile = false;
    return undefined;
  }
  for (const oldest of compiled.keys()) {
    if (compiled.size < mostKept) break;
    compiled.delete(oldest);
  }
  compiled.set(key, make);
  return make;
}
