/**
 * Methods without their object. The types let `go(mu.unlock)` pass. In Go a method value is bound; here the call would
 * fail later, with an error of the engine.
 */

/** The methods of the library's classes, with the names of their classes. */
const methods = new Map<unknown, string>();

/** Makes the functions that take callbacks refuse the methods of a class, which have lost their object. */
export function refuseUnbound(type: { name: string; prototype: object }): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type.prototype))) {
    if (typeof value === "function" && name !== "constructor") methods.set(value, type.name);
  }
}

/** Refuses a method that has lost its object. */
export function checkBound(what: string, f: { name: string }): void {
  const type = methods.get(f);
  if (type === undefined) return;
  throw new TypeError(
    `${what}: the method ${f.name} of ${type} was passed without its object; write () => object.${f.name}(…)`,
  );
}
