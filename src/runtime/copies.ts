/**
 * Objects of another copy of the library. A program that bundles it twice, or whose packages depend on two versions,
 * has two kinds of channels that look the same. Each copy has its own queues and its own turn, so they cannot work
 * together; but the error must not say `must be a channel, got Channel`.
 */

import { oneThread } from "./symbols.ts";

/** Returns an addition to the name of an object in an error; empty unless it belongs to another copy of the library. */
export function ofOtherCopy(object: object): string {
  // Every such object has this field, with a symbol that each copy makes for itself.
  const thread: unknown = Object.getOwnPropertyDescriptor(object, "thread")?.value;
  const isOther = typeof thread === "symbol" && thread !== oneThread && thread.description === oneThread.description;
  return isOther ? " of another copy of gocsp (npm ls gocsp shows where from)" : "";
}
