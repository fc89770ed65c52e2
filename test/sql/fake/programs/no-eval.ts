import { makerOf } from "../../../../src/sql/row-maker.ts";

try {
  // oxlint-disable-next-line typescript/no-implied-eval
  console.log(new Function("return 1")());
} catch (error) {
  console.log((error as Error).name);
}
const make = makerOf(["id", "of"]);
const rows = Array.from({ length: 200 }, (_, id) => make([id, 200]));
const last = rows.at(-1) as { id: number; of: number };
console.log(rows.length, rows.filter(({ id }, i) => id === i).length - 1, last.id, "of", last.of);
