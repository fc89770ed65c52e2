// Asks one of the agents of docs/agents.md, whose name is the argument, and cancels it at several moments. Prints what
// happened as lines of JSON.
import { context, type Context, errors } from "gocsp";
import { tracingChannel } from "node:diagnostics_channel";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as standIn from "./standin.ts";

const [, , name = ""] = process.argv;
process.env["MODEL_URL"] = standIn.url + (name === "anthropic" ? "" : "/v1");
process.env["MODEL_KEY"] = "none";
const agent = (await import(`./${name}.ts`)) as { ask(ctx: Context, question: string): Promise<string> };

/** The tool makes this file. */
const mark = join(mkdtempSync(join(tmpdir(), "gocsp-agents-")), "started");
process.env["STARTED"] = mark;

async function aToolRuns(): Promise<void> {
  while (!existsSync(mark)) await setImmediate();
}

/** The commands that run, as the library itself tells. */
let running = 0;
const commands = tracingChannel("gocsp:exec.command");
commands.asyncEnd.subscribe(() => running--);
commands.start.subscribe(() => void running++);

function print(what: string, facts: object): void {
  console.log(JSON.stringify({ what, ...facts }));
}

/** Asks, cancels when told to, and prints what comes of it. */
async function stopped(what: string, question: string, when: Promise<unknown>): Promise<void> {
  const reason = new Error("the user has left");
  const [ctx, cancel] = context.withCancelCause(context.background());
  const before = standIn.requests;
  const asked = errors.result(agent.ask(ctx, question));
  await when;
  cancel(reason);
  const [text, err] = await asked;
  print(what, { text, saysWhy: errors.is(err, reason), running, requests: standIn.requests - before });
}

print("answer", { text: await agent.ask(context.background(), "How many files are there?") });

await stopped("story", "Tell me a story", standIn.inTheMiddle());
await standIn.left();
print("spent", { ...standIn.spent[0] });

await stopped("tool", "Use a long tool", aToolRuns());
rmSync(dirname(mark), { recursive: true });
process.exit();
