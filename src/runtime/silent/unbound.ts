/** Takes the place of `../unbound.ts` in bundles for browsers, where the engine's own errors must suffice. */

export function refuseUnbound(_type: object): void {}
export function checkBound(_what: string, _f: unknown): void {}
