import { chan, context, type Context, errors } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as exec from "gocsp/exec";
import * as http from "gocsp/http";
import * as semaphore from "gocsp/semaphore";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";
import { createInterface } from "node:readline/promises";
import type { Model } from "./model.ts";

// maxTokens is the limit for one answer of the model, allTokens for the whole run.
const maxTokens = 1000;
const allTokens = 3000;

// A Call is a tool that the model wants to be used.
export interface Call {
  tool: string;
  argument: string;
}

interface Answer {
  text: string;
  calls: Call[];
}

export class Agent {
  readonly model: Model;
  readonly db = sql.open(sqlite(":memory:"));
  readonly budget = new semaphore.Weighted(allTokens);
  left = allTokens;
  readonly started = chan<void>(2); // one value for each tool that is at work
  readonly finished = chan<unknown>(1);
  readonly outcomes = new Map<string, string>();
  readonly ends = new Map<string, number>();

  constructor(model: Model) {
    this.model = model;
  }

  // run sends the question to the model, uses the tools it calls, sends back the results, and so on until it answers.
  async run(ctx: Context, question: string): Promise<string> {
    const messages = [question];
    for (;;) {
      const { text, calls } = await this.ask(ctx, messages);
      if (calls.length === 0) return text;
      for (const call of calls) {
        console.log("  the model wants", call.tool);
      }
      const results: string[] = [];
      const [g, gctx] = errgroup.withContext(ctx);
      g.setLimit(3);
      for (const [i, call] of calls.entries()) {
        await g.go(async () => {
          const result = await this.use(gctx, call);
          results[i] = `${call.tool}: ${result}`;
        });
      }
      await g.wait();
      messages.push(...results);
    }
  }

  // use runs a tool.
  async use(ctx: Context, c: Call): Promise<string> {
    switch (c.tool) {
      case "run":
        return this.shell(ctx, c.argument);
      case "query":
        return this.query(ctx, c.argument);
      case "ask": {
        const [answer, err] = await errors.result(this.ask(ctx, [c.argument]));
        this.note("ask", `stopped: ${isOver(err)}`);
        if (err !== undefined) throw err;
        return answer.text;
      }
      default:
        throw new Error(`no tool ${c.tool}`);
    }
  }

  // ask sends the messages to the model, and reads its answer as it comes.
  async ask(ctx: Context, messages: string[]): Promise<Answer> {
    await this.budget.acquire(ctx, maxTokens);
    let spent = 0;
    try {
      const body = JSON.stringify({ messages, max_tokens: maxTokens });
      const res = await http.fetch(ctx, this.model.url, { method: "POST", body });

      const answer: Answer = { text: "", calls: [] };
      for await (const line of lines(res)) {
        if (!line.startsWith("data: ")) continue;
        const data = line.slice("data: ".length);
        if (data === "[DONE]") return answer;
        const event = JSON.parse(data) as { token?: string; call?: Call };
        spent++;
        answer.text += event.token ?? "";
        if (event.call !== undefined) answer.calls.push(event.call);
      }
      throw new Error("unexpected EOF");
    } finally {
      this.left -= spent;
      this.budget.release(maxTokens - spent);
    }
  }

  // shell runs a command and its child processes. The output ends when no process holds it open.
  async shell(ctx: Context, script: string): Promise<string> {
    const cmd = exec.commandContext(ctx, "sh", "-c", script);
    const out = cmd.stdoutPipe();
    await cmd.start();
    const text: string[] = [];
    for await (const line of createInterface(out)) {
      if (line === "started") await this.started.send();
      else text.push(line);
    }
    const [, err] = await errors.result(cmd.wait());
    this.note("run", `${err?.message ?? "done"}, and nobody holds its output`);
    if (ctx.err() !== undefined) throw ctx.err();
    if (err !== undefined) throw err;
    return text.join(" ");
  }

  // query asks the database for one number.
  async query(ctx: Context, text: string): Promise<string> {
    if (text.includes("RECURSIVE")) {
      await this.db.pingContext(ctx);
      await this.started.send();
    }
    const [values, err] = await errors.result(this.db.queryRowContext(ctx, text).scan(sql.int));
    this.note("query", `stopped: ${isOver(err)}, connections in use: ${this.db.stats().inUse}`);
    if (err !== undefined) throw err;
    return String(values[0]);
  }

  // note records the outcome of a tool, and when it ended.
  note(tool: string, outcome: string) {
    this.outcomes.set(tool, outcome);
    this.ends.set(tool, performance.now());
  }

  finish([, err]: errors.Result<string>) {
    this.finished.trySend(err);
  }

  // busy waits until all tools are at work.
  async busy() {
    await this.started.receive();
    await this.started.receive();
    await this.model.holding.receive();
  }
}

function isOver(err: unknown): boolean {
  return errors.is(err, context.canceled) || errors.is(err, context.deadlineExceeded);
}

// lines yields the lines of a response as they come.
async function* lines(res: Response): AsyncGenerator<string> {
  let rest = "";
  for await (const text of res.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const all = (rest + text).split("\n");
    rest = all.pop() ?? "";
    yield* all;
  }
}
