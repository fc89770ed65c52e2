/** Takes the place of `../halted.ts` in bundles for browsers, where no program ends. */

export const halted = false;
export const exempt = false;

export function setHalted(_value: boolean): void {}

export function postpone(_alarms: object, _since: number): true {
  return true;
}

export function ringPostponed(): void {}

export function runDeferred<T>(call: () => T): T {
  return call();
}
