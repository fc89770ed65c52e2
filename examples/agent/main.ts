// An agent: a model that streams, parallel tools, a limit, a budget, and one context. Ctrl-C, a client that leaves,
// and a deadline stop it all: the model, the tools, a tree of processes, a query. TIMES=1 shows after how many milliseconds.
import { context, errors, go, main, time } from "gocsp";
import * as http from "gocsp/http";
import * as signal from "gocsp/signal";
import { Agent } from "./agent.ts";
import { serve, startModel } from "./model.ts";

const question = "Count everything there is, and write a long story about it.";

main(async () => {
  const model = await startModel();

  console.log("nobody stops it");
  let a = new Agent(model);
  const answer = await a.run(context.background(), "How many files and albums are there?");
  console.log("  the model answers:", answer);
  console.log("  the budget:", a.left, "tokens left");

  console.log("Ctrl-C");
  a = new Agent(model);
  const [ctx, stop] = signal.notifyContext(context.background(), "SIGINT");
  go(async () => a.finish(await errors.result(a.run(ctx, question))));
  await a.busy();
  let stopped = performance.now();
  process.kill(process.pid, "SIGINT");
  await ctx.done().receive();
  console.log("  stopped:", context.cause(ctx)?.message);
  await report(a, stopped);
  stop();

  console.log("the client leaves");
  a = new Agent(model);
  const base = await serve(http.handler(async (ctx) => a.finish(await errors.result(a.run(ctx, question)))));
  const [visit, leave] = context.withCancel(context.background());
  go(async () => errors.result(http.fetch(visit, base)));
  await a.busy();
  stopped = performance.now();
  leave();
  console.log("  stopped:", context.cause(visit)?.message);
  await report(a, stopped);

  console.log("the deadline");
  a = new Agent(model);
  const due = performance.now() + 1500 * time.millisecond;
  const [limited, cancel] = context.withTimeout(context.background(), 1500 * time.millisecond);
  go(async () => a.finish(await errors.result(a.run(limited, question))));
  await a.busy();
  await limited.done().receive();
  console.log("  stopped:", context.cause(limited)?.message);
  await report(a, due);
  cancel();
});

// report waits until everything has stopped, and prints the outcomes.
async function report(a: Agent, stopped: number) {
  const cut = await a.model.cut.receive();
  const err = await a.finished.receive();
  if (cut === undefined) return;
  console.log(`  the model: ${cut.sent} of ${cut.planned} tokens, ${cut.planned - cut.sent} not spent`);
  for (const tool of ["run", "query", "ask"]) {
    console.log(`  ${tool}: ${a.outcomes.get(tool)}`);
  }
  const over = errors.is(err, context.canceled) || errors.is(err, context.deadlineExceeded);
  console.log("  the agent has stopped:", over);
  console.log("  the budget:", a.left, "tokens left");
  aside((ms) => `the model ${ms} ms after the stop`, cut.at - stopped);
  for (const tool of ["run", "query", "ask"]) {
    aside((ms) => `${tool} ${ms} ms`, (a.ends.get(tool) ?? 0) - stopped);
  }
}

// aside prints a time, which differs in every run, only if TIMES is set.
function aside(text: (ms: string) => string, d: number) {
  if (process.env["TIMES"] !== undefined) console.log(`  (${text(d.toFixed(1))})`);
}
