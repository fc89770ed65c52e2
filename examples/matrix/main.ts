// A systolic array: nine cells multiply two matrices while the numbers stream through them, from the left and from
// above. The arrangement that Hoare gives in his paper; each cell adds up the products of what passes through it.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

const n = 3;
type Numbers = SendChan<number>;
type Matrix = readonly (readonly number[])[];

/** Multiplies what comes from left and top, passes both on, and reports the sum at the end. */
const cell = async (
  left: ReceiveChan<number>,
  top: ReceiveChan<number>,
  right: Numbers,
  bottom: Numbers,
  sum: Numbers,
) => {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const [a, b] = [(await left.receive())!, (await top.receive())!];
    total += a * b;
    await right.send(a);
    await bottom.send(b);
  }
  await sum.send(total);
};

const feed = async (out: Numbers, values: readonly number[]) => {
  for (const v of values) await out.send(v);
};

const drain = async (input: ReceiveChan<number>) => {
  for (let i = 0; i < n; i++) await input.receive();
};

const grid = <T>(width: number, height: number, make: () => T): T[][] =>
  Array.from({ length: height }, () => Array.from({ length: width }, make));

const multiply = async (a: Matrix, b: Matrix): Promise<Matrix> => {
  const rows = grid(n + 1, n, () => chan<number>()); // rows[i][j] leads into cell i, j from the left
  const columns = grid(n + 1, n, () => chan<number>()); // columns[j][i] leads into it from above
  const sums = grid(n, n, () => chan<number>());
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      go(cell, rows[i]![j]!, columns[j]![i]!, rows[i]![j + 1]!, columns[j]![i + 1]!, sums[i]![j]!);
    }
  }
  for (let i = 0; i < n; i++) {
    const column = b.map((row) => row[i]!);
    go(feed, rows[i]![0]!, a[i]!);
    go(feed, columns[i]![0]!, column);
    go(drain, rows[i]![n]!);
    go(drain, columns[i]![n]!);
  }
  const product = grid(n, n, () => 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) product[i]![j] = (await sums[i]![j]!.receive())!;
  }
  return product;
};

main(async () => {
  const a = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  const b = [
    [9, 8, 7],
    [6, 5, 4],
    [3, 2, 1],
  ];
  for (const row of await multiply(a, b)) console.log(row[0], row[1], row[2]);
});
