// What a page takes from the worker of a stranger's program: replies that are whole, of the kind that was asked for.
import { stripTypeScriptTypes } from "node:module";
import { parseAst } from "vite";
import { expect, test } from "vitest";
import { compile } from "../../site/engine/compile.ts";
import { line } from "../../site/engine/inspect.ts";
import { Leader } from "../../site/engine/leader.ts";
import { all } from "../../site/engine/more-modules.ts";
import { type Entry, maxEvents, type Recording } from "../../site/engine/protocol.ts";
import { answers, replyOf } from "../../site/engine/replies.ts";

const source = `
import { chan, context, go, main, select } from "gocsp";
main(async () => {
  const words = chan<string>(1);
  const [ctx, cancel] = context.withTimeout(context.background(), 20);
  go(() => words.send("a"));
  await select({ word: words, ended: ctx.done() });
  cancel();
  console.log("ended");
  throw new Error("the end");
});
`;

async function recorded(): Promise<Recording> {
  const tools = {
    strip: (code: string) => stripTypeScriptTypes(code),
    parse: (code: string): unknown => parseAst(code),
  };
  const program = compile(source, tools, (name) => name in all);
  const leader = new Leader(undefined, false);
  const f = program.bind({ modules: all, print: (_, values) => console.log(line(values)) });
  await leader.begin(f, { seed: 1 });
  await leader.runToEnd({ seed: 1 });
  const { recording } = leader;
  await leader.stop();
  return structuredClone(recording);
}

test("a recording of the engine is taken as it is", async () => {
  const reply = { type: "recording", recording: await recorded() };
  expect(reply.recording.outcome?.kind).toBe("panic");
  expect(reply.recording.entries.some(({ cases }) => cases !== undefined)).toBe(true);
  expect(replyOf(reply)).toBe(reply);
});

test("a recording is refused if one of its parts is not what it must be", async () => {
  const recording = await recorded();
  const [entry] = recording.entries;
  const withEntry = (change: object): object => ({ ...recording, entries: [{ ...entry, ...change }] });
  const forged: object[] = [
    { ...recording, entries: "many" },
    { ...recording, entries: { length: 1, 0: entry } },
    { ...recording, entries: Array.from({ length: maxEvents + 1 }, () => entry) },
    ...Object.keys(entry as Entry).map((name) => withEntry({ [name]: {} })),
    withEntry({ cases: [{}] }),
    { ...recording, steps: [{ at: 0, choices: [{ goroutine: "1", why: "" }], went: 0 }] },
    { ...recording, outcome: { kind: "won", message: "", report: "" } },
    { ...recording, outcome: null },
    { ...recording, token: 1 },
  ];
  expect(forged.length).toBeGreaterThan(15);
  for (const one of forged) expect(replyOf({ type: "recording", recording: one }), JSON.stringify(one)).toBe(undefined);
});

test("what is no reply is refused", () => {
  for (const data of [
    undefined,
    null,
    1,
    "ready",
    {},
    { type: "toString" },
    { type: "alive", runs: "1" },
    { type: 1 },
  ]) {
    expect(replyOf(data)).toBe(undefined);
  }
});

test("only what was asked for, or an error, is an answer", () => {
  const explored = { type: "explored", explored: { runs: 1, steps: 1, exhausted: true, failure: undefined } } as const;
  expect(replyOf(explored)).toBe(explored);
  expect(answers(explored, "explore")).toBe(true);
  for (const type of ["run", "lead", "choose", "goTo"] as const) expect(answers(explored, type)).toBe(false);
  expect(answers({ type: "error", message: "", line: undefined }, "run")).toBe(true);
  expect(answers({ type: "ready" }, "explore")).toBe(false);
});
