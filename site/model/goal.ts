/** Whether a run has reached what a level asks for. */

import type { Level } from "../content/types.ts";
import type { Recording } from "../engine/protocol.ts";

export function reachedBy({ kind, says, prints }: Level["reached"], { outcome, entries }: Recording): boolean {
  if (outcome === undefined || outcome.kind !== kind) return false;
  if (says !== undefined && !`${outcome.message}\n${outcome.report}`.includes(says)) return false;
  return prints === undefined || entries.some((one) => one.kind === "log" && one.on !== "" && one.detail === prints);
}
