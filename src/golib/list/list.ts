/**
 * A doubly linked list. Mirrors Go's `container/list`.
 *
 * @module
 */

/** A value in a list. Mirrors Go's `list.Element`. */
export class Element<T = unknown> {
  /** The value itself: Go's `e.Value`. */
  value: T;
  /** @internal The list that it is in. */
  list: List<T> | undefined;
  /** @internal */
  before: Element<T> | undefined;
  /** @internal */
  after: Element<T> | undefined;

  /** Made by the methods of {@link List}. */
  constructor(value: T) {
    this.value = value;
  }

  /** Returns the next element, or undefined. */
  next(): Element<T> | undefined {
    return this.after;
  }

  /** Returns the previous element, or undefined. */
  prev(): Element<T> | undefined {
    return this.before;
  }
}

/**
 * A list. Mirrors Go's `list.List`; an empty one is `new list.List()`.
 *
 * @example
 * ```ts
 * const l = new list.List<number>();
 * const four = l.pushBack(4);
 * l.insertBefore(3, four);
 * for (let e = l.front(); e !== undefined; e = e.next()) console.log(e.value); // 3 4
 * ```
 */
export class List<T = unknown> {
  #first: Element<T> | undefined;
  #last: Element<T> | undefined;
  #length = 0;

  /** Empties the list and returns it. */
  init(): this {
    for (let e = this.#first; e !== undefined; e = this.#first) this.remove(e);
    return this;
  }

  len(): number {
    return this.#length;
  }

  front(): Element<T> | undefined {
    return this.#first;
  }

  back(): Element<T> | undefined {
    return this.#last;
  }

  pushFront(value: T): Element<T> {
    return this.#insert(new Element(value), undefined);
  }

  pushBack(value: T): Element<T> {
    return this.#insert(new Element(value), this.#last);
  }

  /** Inserts a value before an element; returns undefined if that is not in this list. */
  insertBefore(value: T, mark: Element<T>): Element<T> | undefined {
    return mark.list === this ? this.#insert(new Element(value), mark.before) : undefined;
  }

  /** Inserts a value after an element; returns undefined if that is not in this list. */
  insertAfter(value: T, mark: Element<T>): Element<T> | undefined {
    return mark.list === this ? this.#insert(new Element(value), mark) : undefined;
  }

  /** Removes an element, if it is in this list, and returns its value. */
  remove(e: Element<T>): T {
    if (e.list === this) this.#cut(e);
    return e.value;
  }

  moveToFront(e: Element<T>): void {
    this.#move(e, undefined);
  }

  moveToBack(e: Element<T>): void {
    this.#move(e, this.#last);
  }

  moveBefore(e: Element<T>, mark: Element<T>): void {
    if (mark.list === this && e !== mark) this.#move(e, mark.before);
  }

  moveAfter(e: Element<T>, mark: Element<T>): void {
    if (mark.list === this) this.#move(e, mark);
  }

  pushBackList(other: List<T>): void {
    for (const value of other.#values()) this.pushBack(value);
  }

  pushFrontList(other: List<T>): void {
    for (const value of other.#values().reverse()) this.pushFront(value);
  }

  /** A copy, because a list may be added to itself. */
  #values(): T[] {
    const values: T[] = [];
    for (let e = this.#first; e !== undefined; e = e.after) values.push(e.value);
    return values;
  }

  #move(e: Element<T>, before: Element<T> | undefined): void {
    if (e.list !== this || e === before || e.before === before) return;
    this.#cut(e);
    this.#insert(e, before);
  }

  #insert(e: Element<T>, before: Element<T> | undefined): Element<T> {
    const after = before === undefined ? this.#first : before.after;
    e.list = this;
    e.before = before;
    e.after = after;
    if (before === undefined) this.#first = e;
    else before.after = e;
    if (after === undefined) this.#last = e;
    else after.before = e;
    this.#length++;
    return e;
  }

  #cut(e: Element<T>): void {
    if (e.before === undefined) this.#first = e.after;
    else e.before.after = e.after;
    if (e.after === undefined) this.#last = e.before;
    else e.after.before = e.before;
    e.before = undefined;
    e.after = undefined;
    e.list = undefined;
    this.#length--;
  }
}

/** Makes an empty list. Mirrors Go's `list.New`. */
function newList<T = unknown>(): List<T> {
  return new List<T>();
}

export { newList, newList as new, newList as new_ };
