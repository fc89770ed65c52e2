/**
 * The internals of contexts that other packages of this library use. They import this file and `context.ts`, and
 * nothing else from this folder.
 */

export { deadlineOf, errOf } from "../chan/context-like.ts";
export { cancelAs, disposable } from "./cancel.ts";
export { checkContext, checkParent } from "./check.ts";
export { timeLeft } from "./deadline.ts";
export { nameOf } from "./derived.ts";
export { withEither } from "./either.ts";
export { attach, canEnd, watchEnd } from "./propagate.ts";
export { CancelContext } from "./tree.ts";
