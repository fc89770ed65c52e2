/**
 * Limits how often something happens. Mirrors Go's `golang.org/x/time/rate`.
 *
 * @module
 */

export { every, inf, infDuration, Limiter, type Reservation } from "./limiter.ts";
export { Sometimes } from "./sometimes.ts";
