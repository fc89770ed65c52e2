/** Takes the place of `../process.ts` in bundles for browsers, where there is no process. */

import type { HostTimeout, Refable } from "../host.ts";

export function exitNormally(_others?: object): void {}

export function holdProcess(): () => void {
  return () => undefined;
}

export function ignoreSignal(): void {}

/** As in the other build, a timeout that nothing waits for does not keep a process alive: Node, Bun and Deno run such bundles, too. */
export function setHold(timeout: HostTimeout, held: boolean): void {
  (timeout as Refable | undefined)?.[held ? "ref" : "unref"]?.();
}
