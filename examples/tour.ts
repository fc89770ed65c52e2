// The tour: the examples of Go's own documents in TypeScript, each run as a program of its own and shown with the line
// of its code that matters most. `npm start` builds the library and runs it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";

interface Stop {
  readonly title: string;
  readonly name: string;
  /** A part of the line to show. */
  readonly line: string;
}

const stops: readonly Stop[] = [
  {
    title: "A generator that does not leak: cancel ends its goroutine",
    name: "generator",
    line: "await select({ done: ctx.done(), sent: send(dst, n) })",
  },
  {
    title: "A deadline: give up at a point in time",
    name: "with-deadline",
    line: "context.withDeadline(",
  },
  {
    title: "A timeout: give up after a while, around any slow operation",
    name: "with-timeout",
    line: "context.withTimeout(parent",
  },
  {
    title: "Values that belong to one request, under typed keys",
    name: "with-value",
    line: "context.withValue(",
  },
  {
    title: "Everything derived from a context ends with it, for the same reason",
    name: "derived",
    line: "cancel(new Error(",
  },
  {
    title: "Two contexts merged into one",
    name: "after-func-merge",
    line: "context.afterFunc(b",
  },
  {
    title: "A blocking read made cancelable",
    name: "after-func-conn",
    line: "context.afterFunc(ctx",
  },
  {
    title: "Waiting for a condition, until the context ends",
    name: "after-func-cond",
    line: "context.afterFunc(ctx",
  },
  {
    title: "A query on a database with a timeout, and an endless one that the database really stops",
    name: "query-timeout",
    line: "await db.queryContext(queryCtx, query)",
  },
  {
    title: "An HTTP client that goes away, and the query that stops with it",
    name: "http-query",
    line: "await db.queryContext(ctx, endless)",
  },
  {
    title: "Jobs that are delivered until they are done: one is tried again, one is canceled from elsewhere",
    name: "job-queue",
    line: "await jobs.cancel(ctx",
  },
];

const folder = import.meta.dirname;
const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });
const dim = (text: string): string => styleText("dim", text, { stream: process.stdout });

/** Finds the line to show by its text, so that the line number is right after the program changes. */
function place({ name, line }: Stop): string {
  const lines = readFileSync(join(folder, name, "main.ts"), "utf8").split("\n");
  const index = lines.findIndex((text) => text.includes(line));
  if (index < 0) throw new Error(`tour: examples/${name}/main.ts has no line with ${line}`);
  return `examples/${name}/main.ts:${index + 1}`;
}

/** Runs one program and tells whether it printed exactly what the Go program does. */
function show(stop: Stop, number: number): boolean {
  console.log(`\n${bold(`${number}. ${stop.title}`)}\n   ${dim(place(stop))}\n`);
  // Colored numbers would differ from Go's output.
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, TIMES: "shown" };
  const program = join(folder, stop.name, "main.ts");
  const child = spawnSync(process.execPath, [...process.execArgv, program], { env, encoding: "utf8", timeout: 10_000 });
  if (child.error !== undefined) child.stderr += `${child.error.message}\n`;
  process.stdout.write(child.stdout.replace(/^(?=.)/gm, "   | "));
  process.stderr.write(child.stderr);
  if (child.status !== 0) console.error(`   It failed: exit status ${child.status ?? child.signal}.`);
  const same =
    child.stdout.replace(/^\(.* ms .*\)\n/gm, "") === readFileSync(join(folder, stop.name, "output.txt"), "utf8");
  if (!same) console.error(`   Go prints something else: see examples/${stop.name}/output.txt.`);
  return child.status === 0 && same;
}

const start = performance.now();
console.log(bold("gocsp: the examples of Go's own documents, in TypeScript"));
const failed = stops.filter((stop, i) => !show(stop, i + 1)).length;
const seconds = ((performance.now() - start) / 1000).toFixed(1);
if (failed > 0) {
  console.error(`\n${failed} of ${stops.length} programs failed.`);
  process.exitCode = 1;
} else {
  console.log(`\n${stops.length} programs in ${seconds} s; each printed what the Go program beside it prints.`);
  console.log(
    dim("Read main.go and main.ts side by side. The other folders in examples/ show the rest of the library."),
  );
}
