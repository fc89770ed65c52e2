/** The errors of this package. */

import { sentinel } from "../runtime/error-values.ts";
import { describe } from "../runtime/arguments.ts";

/**
 * Says that the lease of a delivery has ended while it was worked on: somebody else may have the message now. The cause of
 * the delivery's context then, and what settling such a delivery throws: `topic: the lease of "…" is lost`. Go has none.
 *
 * @example
 * ```ts
 * if (errors.as(context.cause(ctx), topic.LeaseLost) !== undefined) console.log("somebody else does it");
 * ```
 */
export class LeaseLost extends Error {
  /** Of which message. */
  readonly id: string;

  /**
   * Makes the error for a message.
   *
   * @example
   * ```ts
   * console.log(new topic.LeaseLost("7").message); // topic: the lease of "7" is lost
   * ```
   */
  constructor(id: string, options?: ErrorOptions) {
    super(`topic: the lease of ${describe(id)} is lost`, options);
    this.name = "LeaseLost";
    this.id = id;
  }
}

/**
 * Says that somebody has called `Topic.cancel`: the cause of the delivery's context. Its text is `topic: canceled: ` and
 * the reason.
 *
 * @example
 * ```ts
 * console.log(errors.as(context.cause(ctx), topic.JobCanceled)?.reason);
 * ```
 */
export class JobCanceled extends Error {
  /** What was said to `cancel`. */
  readonly reason: string;

  /**
   * Makes the error for a reason.
   *
   * @example
   * ```ts
   * console.log(new topic.JobCanceled("enough").message); // topic: canceled: enough
   * ```
   */
  constructor(reason: string, options?: ErrorOptions) {
    super(`topic: canceled: ${reason}`, options);
    this.name = "JobCanceled";
    this.reason = reason;
  }
}

/**
 * Says that the receiver has ended and the grace for what was still being worked on is over: the cause of the delivery's
 * context. Its text is `topic: the receiver is stopping`. A delivery that is not acknowledged then goes back, and the
 * attempt does not count where the engine can do that.
 *
 * @example
 * ```ts
 * if (context.cause(ctx) instanceof topic.Stopping) console.log("saved for the next worker");
 * ```
 */
export class Stopping extends Error {
  /**
   * Makes the error.
   *
   * @example
   * ```ts
   * console.log(new topic.Stopping().message); // topic: the receiver is stopping
   * ```
   */
  constructor(options?: ErrorOptions) {
    super("topic: the receiver is stopping", options);
    this.name = "Stopping";
  }
}

/**
 * Says that nobody knows whether a message was sent: the answer was lost, or was not waited for. Its text is `topic: it is
 * unknown whether "…" was sent`. To send again with this `id` is safe as long as the first copy has not been settled.
 *
 * @example
 * ```ts
 * try {
 *   await thumbnails.send(ctx, job);
 * } catch (err) {
 *   const unknown = errors.as(err, topic.UnknownOutcomeError);
 *   if (unknown === undefined) throw err;
 *   await thumbnails.send(context.withoutCancel(ctx), job, { id: unknown.id });
 * }
 * ```
 */
export class UnknownOutcomeError extends Error {
  /** The identity of the message. */
  readonly id: string;

  /**
   * Makes the error; `cause` is what went wrong.
   *
   * @example
   * ```ts
   * throw new topic.UnknownOutcomeError("7", err);
   * ```
   */
  constructor(id: string, cause: unknown) {
    super(`topic: it is unknown whether ${describe(id)} was sent`, { cause });
    this.name = "UnknownOutcomeError";
    this.id = id;
  }
}

/**
 * Says that a delivery has been settled already. What is thrown has it as its cause, and says how: `topic: the delivery of
 * "…" is settled already: ack was called`.
 *
 * @example
 * ```ts
 * await d.ack().catch((err: unknown) => console.log(errors.is(err, topic.errSettled)));
 * ```
 */
export const errSettled: Error = sentinel("topic: the delivery is settled already");

/**
 * Says that a broker was closed: `topic: the broker is closed`.
 *
 * @example
 * ```ts
 * await thumbnails.send(ctx, job).catch((err: unknown) => console.log(err === topic.errClosed));
 * ```
 */
export const errClosed: Error = sentinel("topic: the broker is closed");
