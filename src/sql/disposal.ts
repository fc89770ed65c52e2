import { asyncDispose } from "../runtime/symbols.ts";

/**
 * Gives the method `[Symbol.asyncDispose]` of a class its name on engines that do not have the symbol, as Node 20.0 to
 * 20.4: there the class has got a method named "undefined".
 */
export function nameDisposal(type: { readonly prototype: object }): void {
  const method = Object.getOwnPropertyDescriptor(type.prototype, "undefined");
  if (method === undefined) return;
  Object.defineProperty(type.prototype, asyncDispose, method);
  Reflect.deleteProperty(type.prototype, "undefined");
}
