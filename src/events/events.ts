/**
 * Events on channels, after Go's `signal.Notify`: bounded, with a rule for events that come faster than they are
 * received, and a count of those that were dropped.
 *
 * @module
 */

export {
  cause,
  dropped,
  type EmitterLike,
  notify,
  receive,
  type ReceiveOptions,
  stop,
  type Target,
  type TargetLike,
} from "./subscription.ts";
