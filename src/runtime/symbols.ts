/// <reference lib="esnext.disposable" preserve="true" />

/**
 * The methods that the host looks up by a symbol: those of `using`, and those that print an object.
 */

/**
 * The keys that `using` looks for. Engines without them (and compilers that help them out) use a symbol that the
 * program must have defined before; the registered one stands in where it has not, so that no method is lost under
 * the name "undefined".
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as never);
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as never);

/**
 * A value that structured clones refuse: what has it as a property cannot be cloned or posted to another thread, where it
 * would be a broken copy. The host's DataCloneError shows the text.
 */
export const oneThread: symbol = Symbol("gocsp: it belongs to one thread");

/** Makes logs and JSON print the objects of a class by their `toString`. */
export function showAsString(type: { prototype: object }): void {
  showAs(type, String);
}

/** Makes logs and JSON print the objects of a class by what `show` makes of them. */
export function showAs<T extends object>(type: { prototype: T }, show: (object: T) => string): void {
  for (const method of ["toJSON", Symbol.for("nodejs.util.inspect.custom")]) {
    Object.defineProperty(type.prototype, method, {
      value(this: T) {
        return show(this);
      },
    });
  }
}
