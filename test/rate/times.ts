import type * as rate from "gocsp/rate";
import { expect } from "vitest";

export const start = Date.UTC(2024, 0, 1);

/** A time in tenths of a second, in which a limit of ten gives one token each. */
export const t = (tenths: number): Date => new Date(start + tenths * 100);

/** What `allowN` says at each time for each number. */
export function allowed(limiter: rate.Limiter, calls: [tenths: number, n: number][]): boolean[] {
  return calls.map(([tenths, n]) => limiter.allowN(t(tenths), n));
}

/** Takes tokens in advance and returns the delay in tenths of a second. */
export function reserve(limiter: rate.Limiter, tenths: number, n: number): [rate.Reservation, delay: number] {
  const reservation = limiter.reserveN(t(tenths), n);
  expect(reservation.ok()).toBe(true);
  return [reservation, reservation.delayFrom(t(tenths)) / 100];
}
