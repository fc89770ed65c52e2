import { attach } from "../runtime/attach.ts";
import { host } from "../runtime/host.ts";
import { dispose } from "../runtime/symbols.ts";
import { identify } from "./identity.ts";

/** As Chrome has it: a slice from `start` to `end`, in milliseconds of `performance.now`, on a track of a group. */
interface Console {
  timeStamp?(label: string, start: number, end: number, track: string, group: string, color: string): void;
}

interface Wait {
  readonly state: string;
  readonly since: number;
  readonly goroutine: number;
}

/**
 * Shows in the performance panel of Chrome's developer tools where goroutines wait: a group "Goroutines" with a track for
 * each, until the result is disposed. Where nobody records, a wait costs about a microsecond. For browsers, and for Node
 * under `--inspect`; without the panel's `console.timeStamp` it does nothing. In browsers goroutines are told apart only
 * under a conductor.
 *
 * @example
 * ```ts
 * const shown = trace.devtools();
 * await time.sleep(1);
 * shown[Symbol.dispose]();
 * ```
 */
export function devtools(): Disposable {
  const { console } = globalThis as unknown as { console: Console };
  // Called as a method at each time: a panel may replace it.
  if (console.timeStamp === undefined) return { [dispose]: () => undefined };
  const identity = identify(true);
  const waits = new WeakMap<object, Wait>();
  const now = (): number => host.performance.now();
  return attach({
    ...(identity.run === undefined ? {} : { run: identity.run }),
    park(operation, state) {
      waits.set(operation, { state, since: now(), goroutine: identity.who() });
    },
    wake(operation) {
      const wait = waits.get(operation);
      if (wait === undefined) return;
      waits.delete(operation);
      const { state, since, goroutine } = wait;
      const track = goroutine === 0 ? "the host" : `goroutine ${goroutine}`;
      console.timeStamp?.(state, since, now(), track, "Goroutines", colorOf(state));
    },
  });
}

/** The panel's names of colours. */
function colorOf(state: string): string {
  if (state === "sleep") return "tertiary-light";
  return state.startsWith("chan") ? "primary" : state.startsWith("select") ? "primary-light" : "secondary";
}
