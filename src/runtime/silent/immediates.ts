/** Takes the place of `../immediates.ts` in bundles for browsers, which have timeouts only. */

export function withImmediates<Clock>(clock: Clock): Clock {
  return clock;
}
