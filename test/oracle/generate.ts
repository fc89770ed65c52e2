/**
 * Random programs whose outcome does not depend on the schedule, so that Go and this library must agree on it. There are
 * three styles, each with a reason of its own.
 *
 * **Conducted**: main starts one goroutine after the other and waits each time until all of them wait or have ended. A
 * goroutine is a few operations that do not wait, and one at the end that may. A goroutine that is woken has its
 * result already, and only notes it; or continues on what others touch only once. Queues are first in, first
 * out, in Go as here. What remains to chance is what a select chooses of several ready cases; so our side is run with
 * every possible choice, and Go's outcome must be among ours.
 *
 * **Network**: free-running goroutines as in a Kahn network. Each channel has one sending and one receiving goroutine,
 * and none checks whether an operation would have to wait: what a goroutine receives, where it gets stuck and how it
 * ends is then a function of the program (Kahn 1974; a full buffer is a channel back). The same holds for a mux, as its
 * cases have nothing to do with each other, and each keeps its own notes. Contexts are ended by one goroutine, and
 * a goroutine looks at one only after its end, when it does not change any more. Critical sections and the functions of
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
