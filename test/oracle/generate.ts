/**
 * Random programs whose outcome does not depend on the schedule, so that Go and this library must agree on it. There are
 * three styles, each with a reason of its own.
 *
 * **Conducted**: main starts one goroutine after the other and waits each time until everybody waits or is gone. A
 * goroutine is a few operations that do not wait, and one at the end that may. Whoever is woken meanwhile has got the
 * result already, and only notes it; or goes on where nobody else does anything but once. Queues are first in, first
 * out, in Go as here. What remains to chance is what a select chooses of several ready cases; so our side is run with
 * every possible choice, and Go's outcome must be among ours.
 *
 * **Network**: free-running goroutines as in a Kahn network. Each channel has one sending and one receiving goroutine,
 * and no one asks whether an operation would have to wait: what a goroutine receives, where it gets stuck and how it
 * ends is then a function of the program (Kahn 1974; a full buffer is a channel back). So it is with a mux, because its
 * cases have nothing to do with each other, and each keeps its own notes. Contexts are ended by one goroutine, and
 * whoever looks at one has waited for its end, after which it does not change. Critical sections and the functions of
 * a Once only add to a sum.
 *
 * **Pool**: many senders and receivers on the same channels, of which nothing is noted but all values at the end, sorted.
 */

import { conducted } from "./conducted.ts";
import { network, pool } from "./network.ts";
import type { Program } from "./program.ts";
import { Random } from "./random.ts";

export function generate(seed: number): Program {
  const r = new Random(seed);
  return r.pick(conducted, conducted, conducted, conducted, network, network, network, network, pool)(r);
}
