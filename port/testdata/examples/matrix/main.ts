// A systolic array: nine cells multiply two matrices while the numbers stream through them, from the left and from
// above. The arrangement that Hoare gives in his paper; each cell adds up the products of what passes through it.
import { type Chan, chan, go, main, nilChan, type ReceiveChan, type SendChan } from "gocsp";
import { cloneArray } from "gocsp/golib";

const n = 3;

/** cell multiplies what comes from left and top, passes both on, and reports the sum at the end. */
async function cell(
  left: ReceiveChan<number>,
  top: ReceiveChan<number>,
  right: SendChan<number>,
  bottom: SendChan<number>,
  sum: SendChan<number>,
): Promise<void> {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const a = (await left.receive()) ?? 0;
    const b = (await top.receive()) ?? 0;
    total += a * b;
    await right.send(a);
    await bottom.send(b);
  }
  await sum.send(total);
}

async function feed(out: SendChan<number>, values: number[]): Promise<void> {
  for (const v of values) {
    await out.send(v);
  }
}

async function drain(in_: ReceiveChan<number>): Promise<void> {
  for (let i = 0; i < n; i++) {
    await in_.receive();
  }
}

async function multiply(a: number[][], b: number[][]): Promise<number[][]> {
  const product: number[][] = Array.from({ length: 3 }, () => new Array<number>(3).fill(0));
  const rows: Chan<number>[][] = Array.from({ length: 3 }, () => Array.from({ length: 4 }, (): Chan<number> => nilChan()));
  const columns: Chan<number>[][] = Array.from({ length: 3 }, () => Array.from({ length: 4 }, (): Chan<number> => nilChan())); // rows[i][j] leads into cell i, j from the left, columns[j][i] from above
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n + 1; j++) {
      [rows[i]![j], columns[i]![j]] = [chan<number>(), chan<number>()];
    }
  }
  const sums: Chan<number>[][] = Array.from({ length: 3 }, () => Array.from({ length: 3 }, (): Chan<number> => nilChan()));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      sums[i]![j] = chan<number>();
      go(cell, rows[i]![j]!, columns[j]![i]!, rows[i]![j + 1]!, columns[j]![i + 1]!, sums[i]![j]!);
    }
  }
  for (let i = 0; i < n; i++) {
    const column: number[] = new Array<number>(3).fill(0);
    for (let k = 0; k < n; k++) {
      column[k] = b[k]![i]!;
    }
    go(feed, rows[i]![0]!, a[i]!.slice());
    go(feed, columns[i]![0]!, column.slice());
    go(drain, rows[i]![n]!);
    go(drain, columns[i]![n]!);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      product[i]![j] = (await sums[i]![j]!.receive()) ?? 0;
    }
  }
  return cloneArray(product);
}

main(async () => {
  const a = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  const b = [[9, 8, 7], [6, 5, 4], [3, 2, 1]];
  for (const row of await multiply(cloneArray(a), cloneArray(b))) {
    console.log(row[0]!, row[1]!, row[2]!);
  }
});
