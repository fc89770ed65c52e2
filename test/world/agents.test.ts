// docs/agents.md: its programs, with the SDKs that they use, against a server that stands in for the model.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { freePort, startAlone } from "../guide/program.ts";
import { altered, programsOf } from "./pages.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const page = programsOf("agents.md", { "standin.ts": read("standin.ts"), "drive.ts": read("drive.ts") });

/** Runs a module beside the programs of the page and returns the lines of JSON that it prints. */
async function run(name: string, args: string[] = [], env: Record<string, string> = {}): Promise<unknown[]> {
  const printed = await startAlone(page.folder, name, env, args);
  return printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe.concurrent.each(["openai", "anthropic", "vercel", "langchain"])("the agent with %s", (name) => {
  test(
    "answers; when its context ends, the model's stream, its tool and itself have stopped",
    { timeout: 300_000 },
    async () => {
      expect(await run("drive.ts", [name])).toEqual([
        { what: "answer", text: "There are 3 files." },
        { what: "story", saysWhy: true, running: 0, requests: 1 },
        { what: "spent", sent: 20, planned: 1000, whole: false },
        { what: "tool", saysWhy: true, running: 0, requests: 1 },
      ]);
    },
  );
});

/** Calls a model in the plainest way of each SDK, and retries as it does if nothing is said. */
const plain = `
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { ChatOpenAI } from "@langchain/openai";
import { streamText, tool } from "ai";
import { context, errors } from "gocsp";
import OpenAI from "openai";
import { z } from "zod";
import * as standIn from "./standin.ts";

const [baseURL, model, apiKey] = [standIn.url + "/v1", "stand-in", "none"];
const openai = new OpenAI({ baseURL, apiKey });
const anthropic = new Anthropic({ baseURL: standIn.url, apiKey });
const langchain = new ChatOpenAI({ model, apiKey, configuration: { baseURL } });
const vercel = createOpenAICompatible({ name: model, baseURL });

const ask: Record<string, (content: string, signal: AbortSignal) => Promise<AsyncIterable<unknown>>> = {
  openai: (content, signal) =>
    openai.chat.completions.create({ model, messages: [{ role: "user", content }], stream: true }, { signal }),
  anthropic: (content, signal) =>
    anthropic.messages.create({ model, max_tokens: 9, messages: [{ role: "user", content }], stream: true }, { signal }),
  langchain: (content, signal) => langchain.stream(content, { signal }),
  vercel: async (content, signal) =>
    streamText({ model: vercel(model), prompt: content, abortSignal: signal, onError: () => undefined }).textStream,
};

const why = new Error("the user has left");
for (const [name, call] of Object.entries(ask)) {
  for (const content of ["Tell me a story", "You are busy"]) {
    const [ctx, cancel] = context.withCancelCause(context.background());
    const [reads, begun] = [Promise.withResolvers<void>(), standIn.inTheMiddle()];
    const read = async (): Promise<void> => {
      for await (const _ of await call(content, context.signal(ctx))) reads.resolve();
    };
    const asked = errors.result(read());
    await begun;
    if (content === "Tell me a story") await reads.promise;
    const before = standIn.requests;
    cancel(why);
    const [, err] = await asked;
    const ends = err === undefined ? "as if complete" : err === why ? "with the reason" : "with an error of its own";
    console.log(JSON.stringify({ name, content, ends, more: standIn.requests - before }));
  }
}

let [isRunning, started] = [false, (): void => undefined];
const runs = new Promise<void>((resolve) => (started = resolve));
const [ctx, cancel] = context.withCancel(context.background());
const execute = async (): Promise<string> => {
  isRunning = true;
  started();
  await ctx.done().receive();
  await new Promise((resolve) => setTimeout(resolve, 100));
  isRunning = false;
  return "";
};
const { text } = streamText({
  model: vercel(model), prompt: "Use a long tool", abortSignal: context.signal(ctx),
  tools: { shell: tool({ inputSchema: z.object({ script: z.string() }), execute }) },
});
const answered = errors.result(text);
await runs;
cancel();
const [, err] = await answered;
console.log(JSON.stringify({ name: "vercel", failed: err !== undefined, isRunning }));
process.exit();
`;

test("what the table of the page says of the SDKs by themselves is so", { timeout: 300_000 }, async () => {
  const facts = await run(page.write("plain.ts", plain));
  const [story, busy] = ["Tell me a story", "You are busy"];
  expect(facts).toEqual([
    { name: "openai", content: story, ends: "as if complete", more: 0 },
    { name: "openai", content: busy, ends: "with an error of its own", more: 0 },
    { name: "anthropic", content: story, ends: "as if complete", more: 0 },
    { name: "anthropic", content: busy, ends: "with an error of its own", more: 0 },
    { name: "langchain", content: story, ends: "with the reason", more: 0 },
    { name: "langchain", content: busy, ends: "with the reason", more: 0 },
    { name: "vercel", content: story, ends: "as if complete", more: 0 },
    { name: "vercel", content: busy, ends: "as if complete", more: 0 },
    { name: "vercel", failed: true, isRunning: true },
  ]);
});

/** Calls a tool of the server in another process, to its end and then not. */
const toolOfServer = `
import { context, errors } from "gocsp";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { callShell, connect } from "./mcp.ts";

const client = await connect(process.execPath, join(import.meta.dirname, "mcp-server.ts"));
console.log(JSON.stringify(await callShell(context.background(), client, "echo 3 files")));

const file = join(import.meta.dirname, "tool.pid");
const why = new Error("the user has left");
const [ctx, cancel] = context.withCancelCause(context.background());
const called = errors.result(callShell(ctx, client, "sleep 60 & echo $! >'" + file + "'; wait"));
const pid = () => existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
while (pid() === 0) await setTimeout(5);
const runs = () => {
  try {
    // A zombie has ended.
    return !/^\\d+ \\(.*\\) Z/.test(readFileSync("/proc/" + pid() + "/stat", "latin1"));
  } catch {
    return false;
  }
};
const ran = process.platform !== "linux" || runs();
cancel(why);
const [, err] = await called;
while (runs()) await setTimeout(5);
console.log(JSON.stringify({ ran, saysWhy: err === why }));
await client.close();
process.exit();
`;

test(
  "a tool of an MCP server stops in its process when the context of the call ends",
  { timeout: 300_000 },
  async () => {
    expect(await run(page.write("tool-of-server.ts", toolOfServer))).toEqual([
      { content: [{ type: "text", text: "3 files" }] },
      { ran: true, saysWhy: true },
    ]);
  },
);

/** The server of the page with a client that leaves, one that waits for the deadline, and a signal in the middle. */
const visits = `
import * as standIn from "./standin.ts";
import { get } from "node:http";
import { once } from "node:events";
process.env.MODEL_URL = standIn.url + "/v1";
process.env.MODEL_KEY = "none";
// The program of the page ends the process when it is over, which this one wants to see.
const exit = process.exit;
const over = new Promise<number | undefined>((resolve) => (process.exit = resolve as never));
await import("./run-server.ts");

const url = "http://127.0.0.1:" + process.env.PORT + "/?question=Tell+me+a+story";
async function ask() {
  for (;;) {
    const request = get(url);
    const failed = once(request, "error").then(() => true);
    if (!(await Promise.race([failed, standIn.inTheMiddle().then(() => false)]))) return request;
  }
}
const print = (visit: string, status?: number) =>
  console.log(JSON.stringify({ visit, status, cut: standIn.spent.length, sent: standIn.spent.at(-1)?.sent }));

const leaving = await ask();
leaving.destroy();
await standIn.left();
print("leaves");

const waiting = await ask();
const [late] = await once(waiting, "response");
await standIn.left();
print("deadline", late.statusCode);

const last = await ask();
process.kill(process.pid, "SIGINT");
const [stopped] = await once(last, "response");
await standIn.left();
await over;
print("Ctrl-C", stopped.statusCode);
exit();
`;

test(
  "behind a server it stops when the client leaves, at the deadline, and on Ctrl-C",
  { timeout: 300_000 },
  async () => {
    const server = altered(page.codeOf("server.ts"), "2 * time.minute", "2 * time.second");
    page.write(
      "run-server.ts",
      altered(server, "    handler: async", "    onError: () => undefined,\n    handler: async"),
    );
    expect(await run(page.write("visits.ts", visits), [], { PORT: String(await freePort()) })).toEqual([
      { visit: "leaves", cut: 1, sent: 20 },
      { visit: "deadline", status: 500, cut: 2, sent: 20 },
      { visit: "Ctrl-C", status: 503, cut: 3, sent: 20 },
    ]);
  },
);
