/**
 * Events on channels, after Go's `signal.Notify`: bounded, with a rule for what becomes of events that come faster than
 * they are taken, and counted.
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
