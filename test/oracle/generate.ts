/**
 * Random programs whose outcome does not depend on the schedule, so that Go and this library must agree on it. There
 * are three styles; each is deterministic for another reason.
 *
 * **Conducted**: main starts one goroutine after the other and waits each time until all of them wait or have ended. A
 * goroutine is a few operations that do not wait, and one at the end that may. A goroutine that is woken already has
 * its result and only records it, or it continues on channels that other goroutines use only once. Queues are first in,
 * first out, in Go as here. Only the choice of a select among several ready cases is random. So our side runs with
 * every possible choice, and Go's outcome must be among ours.
 *
 * **Network**: free-running goroutines as in a Kahn network. Each channel has one sending and one receiving goroutine,
 * and none checks whether an operation would have to wait: what a goroutine receives, where it gets stuck and how it
 * ends is then a function of the program (Kahn 1974; a full buffer is a channel back). The same holds for a mux: its
 * cases are independent, and each keeps its own record. Contexts are ended by one goroutine, and a goroutine reads one
 * only after its end, when its state is final. Critical sections and the functions of a Once only add to a sum.
 *
 * **Pool**: many senders and receivers on the same channels; only the sorted list of all values is recorded at the end.
 */

import { conducted } from "./conducted.ts";
import { network, pool } from "./network.ts";
import type { Program } from "./program.ts";
import { Random } from "./random.ts";

export function generate(seed: number): Program {
  const r = new Random(seed);
  return r.pick(conducted, conducted, conducted, conducted, network, network, network, network, pool)(r);
}
