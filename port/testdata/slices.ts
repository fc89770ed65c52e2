// Slices: append, copy, subslices, deletion, and who sees what.
import { main } from "gocsp";
import { append, at, copy, copyInto, equal, put, slice, view } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Stack {
  items: number[] = [];

  constructor(init?: Partial<Stack>) {
    Object.assign(this, init);
  }

  push(n: number): void {
    this.items = append(this.items, n);
  }

  pop(): number {
    const n = at(this.items, this.items.length - 1);
    this.items = view(this.items, 0, this.items.length - 1);
    return n;
  }

  all(): number[] {
    return this.items;
  }
}

function grown(list: number[], n: number): number[] {
  list = [...list, n]; // the caller's slice keeps its length
  return list;
}

main(() => {
  let list: number[] = [];
  console.log(list.length === 0, list.length);
  for (let i = 0; i < 5; i++) {
    list.push(i * i);
  }
  fmt.println(list, list.length, slice(list, 1, 3), slice(list, 0, 2), slice(list, 3));

  const longer = grown(list, 100);
  console.log(list.length, longer.length, at(longer, 5));

  const other = [...list];
  put(other, 0, 42);
  console.log(at(list, 0), other[0]!);

  list = [...list.slice(0, 1), ...slice(list, 2)];
  fmt.println(list);

  const n = copy(other, [7, 8]);
  fmt.println(n, other);
  copyInto(other, slice(other, 0, 2), 2);
  fmt.println(other);

  const s = new Stack();
  s.push(1);
  const seen = s.all();
  s.push(2);
  s.push(3);
  fmt.println(seen.length, s.pop(), s.items);

  const grid = Array.from({ length: 2 }, (): string[] => []);
  for (const i of grid.keys()) {
    grid[i] = new Array<string>(3).fill("");
    for (const j of grid[i]!.keys()) {
      grid[i]![j] = `${i}${j}`;
    }
  }
  put(grid[1]!, 2, "end");
  fmt.println(grid);

  const array = [1, 2, 3];
  const second = array.slice();
  second[0] = 9;
  fmt.println(array.slice(), second.slice(), equal(array, [1, 2, 3]), 3);

  const batches: number[][] = [];
  let batch: number[] = [];
  for (let i = 0; i < 5; i++) {
    batch.push(i);
    if (batch.length === 2) {
      batches.push(batch);
      batch = [];
    }
  }
  batches.push(batch);
  fmt.println(batches);

  let sum = 0;
  for (const i of list.keys()) {
    sum += i;
  }
  for (let i1 = 0; i1 < 3; i1++) {
    sum++;
  }
  let a = 1;
  let b = 2;
  [a, b] = [b, a + b];
  [list[0], list[1]] = [at(list, 1), list[0]!];
  fmt.println(sum, a, b, list, 1, Math.max(a, b));
});
