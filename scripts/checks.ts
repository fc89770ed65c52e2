// A list of named checks for the test programs that vitest cannot run, and the counts that scripts/test.ts adds up.
import { writeFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs one check, which fails by throwing. The later ones still run. */
export async function check(name: string, body: () => void | Promise<void>): Promise<void> {
  try {
    await body();
    counts.passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL  ${name}\n${indented(error instanceof Error ? error.message : String(error))}`);
  }
}

export function skip(name: string, reason: string): void {
  counts.skipped++;
  console.log(`skip  ${name}: ${reason}`);
}

/** Adds the counts of another program. */
export function add(passed: number, failed: number): void {
  counts.passed += passed;
  counts.failed += failed;
}

/** Passes the counts to scripts/test.ts, if that has started the program, and sets the exit code. */
export function finish(): void {
  const report = process.env["GOCSP_COUNTS"];
  if (report === undefined) console.log(summary(counts));
  else writeFileSync(report, JSON.stringify(counts));
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** The closing line of a test run. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, "      ");
}
