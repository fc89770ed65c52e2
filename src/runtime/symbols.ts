/// <reference lib="esnext.disposable" preserve="true" />

/**
 * Methods that the host looks up by a symbol: those of `using`, and those that print an object.
 */

import { printingMethods } from "./printing.ts";

/**
 * The keys of `using`. In engines without them, compiled code uses symbols that the program must have defined before.
 * If it has not, registered symbols take their place; otherwise the methods would have the name "undefined".
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as never);
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as never);

/**
 * A value that structured clones refuse: an object with it as a property cannot be cloned or posted to another thread,
 * where it would be a broken copy. The host's DataCloneError shows the text.
 */
export const oneThread: symbol = Symbol("gocsp: it belongs to one thread");

/** Makes logs and JSON print the objects of a class by their `toString`. */
export function showAsString(type: { prototype: object }): void {
  showAs(type, String);
}

/** Makes logs and JSON print the objects of a class by `show`. */
export function showAs<T extends object>(type: { prototype: T }, show: (object: T) => string): void {
  for (const method of printingMethods) {
    Object.defineProperty(type.prototype, method, {
      value(this: T) {
        return show(this);
      },
    });
  }
}
