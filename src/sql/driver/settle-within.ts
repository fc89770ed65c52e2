import { chan } from "../../chan/chan.ts";
import { select } from "../../select/select.ts";
import { after } from "../../time/time.ts";

/** Waits until `work` settles, however it does, but not longer than `limit` milliseconds; tells whether it has. */
export async function settlesWithin(limit: number, work: Promise<unknown>): Promise<boolean> {
  const settled = chan<never>();
  const close = (): void => settled.close();
  work.then(close, close);
  const first = await select({ settled, tooLate: after(limit) });
  return first.case === "settled";
}
