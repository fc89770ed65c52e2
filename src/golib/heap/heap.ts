/**
 * Heaps. Mirrors Go's `container/heap` step by step, so that the elements are in the same places as in Go.
 *
 * @module
 */

/** The data of a heap: `heap.Interface`. `push` and `pop` work at the end. */
export interface Interface<T = unknown> {
  len(): number;
  less(i: number, j: number): boolean;
  swap(i: number, j: number): void;
  push(value: T): void;
  pop(): T;
}

/** The part of the interface that sifting needs. */
type Sortable = Pick<Interface, "len" | "less" | "swap">;

/** Establishes the order of a heap. Mirrors Go's `heap.Init`. */
export function init(h: Sortable): void {
  const n = h.len();
  for (let i = Math.floor(n / 2) - 1; i >= 0; i--) down(h, i, n);
}

/** Adds a value. Mirrors Go's `heap.Push`. */
export function push<T>(h: Interface<T>, value: T): void {
  h.push(value);
  up(h, h.len() - 1);
}

/**
 * Removes the least value and returns it. Mirrors Go's `heap.Pop`.
 *
 * @example
 * ```ts
 * const list = [5, 2, 8];
 * const h = {
 *   len: () => list.length,
 *   less: (i: number, j: number) => list[i]! < list[j]!,
 *   swap: (i: number, j: number) => void ([list[i], list[j]] = [list[j]!, list[i]!]),
 *   push: (value: number) => void list.push(value),
 *   pop: () => list.pop()!,
 * };
 * heap.init(h);
 * console.log(heap.pop(h)); // 2
 * ```
 */
export function pop<T>(h: Interface<T>): T {
  const n = h.len() - 1;
  h.swap(0, n);
  down(h, 0, n);
  return h.pop();
}

/** Removes the value at an index and returns it. Mirrors Go's `heap.Remove`. */
export function remove<T>(h: Interface<T>, index: number): T {
  const n = h.len() - 1;
  if (n !== index) {
    h.swap(index, n);
    if (!down(h, index, n)) up(h, index);
  }
  return h.pop();
}

/** Restores the order after the value at an index has changed. Mirrors Go's `heap.Fix`. */
export function fix(h: Sortable, index: number): void {
  if (!down(h, index, h.len())) up(h, index);
}

type Order = Pick<Interface, "less" | "swap">;

function up(h: Order, from: number): void {
  for (let i = from; i > 0;) {
    const parent = Math.floor((i - 1) / 2);
    if (!h.less(i, parent)) return;
    h.swap(parent, i);
    i = parent;
  }
}

/** Moves an element down, and tells whether it moved. */
function down(h: Order, from: number, n: number): boolean {
  let i = from;
  for (;;) {
    const left = 2 * i + 1;
    if (left >= n) break;
    const right = left + 1;
    const least = right < n && h.less(right, left) ? right : left;
    if (!h.less(least, i)) break;
    h.swap(i, least);
    i = least;
  }
  return i > from;
}
