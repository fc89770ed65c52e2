/**
 * Go's concurrency for JavaScript: goroutines, channels, select and contexts with Go's semantics.
 *
 * @module
 */

export {
  type Chan,
  chan,
  type ContextLike,
  mustReceive,
  nilChan,
  type ReceiveChan,
  type Received,
  type SendChan,
  type TryReceived,
} from "./chan/chan.ts";
export type { CancelCauseFunc, CancelFunc, Context, Key } from "./context/context.ts";
export * as context from "./context/context.ts";
export * as errors from "./errors/errors.ts";
export { defer, go, gosched, main, PanicError, recover } from "./runtime/runtime.ts";
export {
  type Case,
  type Cases,
  select,
  type Selected,
  type SelectedFromList,
  selectList,
  type Selector,
  selector,
  send,
  type SendCase,
} from "./select/select.ts";
export * as sync from "./sync/sync.ts";
export * as time from "./time/time.ts";
