/**
 * The program of the worker: runs a stranger's program on the real engine, and tells the page what happened. There is no
 * network here and no origin; what can go wrong is a loop that never awaits, which `guard` stops.
 */

import * as acorn from "acorn";
import { explore, type ExploreError } from "gocsp/explore";
import { transform } from "sucrase";
import { checked } from "./check.ts";
import { compile, file, linesBefore, type Modules, type Program, ProgramError } from "./compile.ts";
import { line } from "./inspect.ts";
import { Leader } from "./leader.ts";
import { type Explored, maxBusy, maxEvents, type Order, type Reply, type Request } from "./protocol.ts";

interface Scope {
  addEventListener(type: "message", listener: (event: { data: Request; isTrusted: boolean }) => void): void;
  postMessage?(message: Reply): void;
}

// Captured before a run replaces them: its own follow the virtual clock.
const now = performance.now.bind(performance);
const scope = globalThis as unknown as Scope;
const post = (scope.postMessage as (message: Reply) => void).bind(scope);
// A program has no voice of its own here: what the page hears, this file says.
for (let at: Scope | null = scope; at !== null; at = Object.getPrototypeOf(at) as Scope | null) delete at.postMessage;
const { port1, port2 } = new MessageChannel();

const tools = {
  strip: (code: string) =>
    transform(code, { transforms: ["typescript"], disableESTransforms: true, preserveDynamicImport: true }).code,
  parse: (code: string): unknown => acorn.parse(code, { ecmaVersion: "latest", sourceType: "module" }),
};

/** Stacks show the lines of the program alone. */
interface Site {
  getScriptNameOrSourceURL?(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
}

(Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = (
  error: unknown,
  sites: readonly Site[],
): string =>
  [
    String(error),
    ...sites
      .filter((site) => site.getScriptNameOrSourceURL?.() === file)
      .map((site) => {
        const at = `${file}:${(site.getLineNumber() ?? 0) - linesBefore}:${site.getColumnNumber() ?? 0}`;
        const name = site.getFunctionName() ?? "";
        return name === "" ? `    at ${at}` : `    at ${name} (${at})`;
      }),
  ].join("\n");

/** Since when the event loop has not turned; 0 if it has. */
let busySince = 0;
let turns = 0;
let stopped: Error | undefined;
port1.addEventListener("message", () => (busySince = 0));
port1.start();

/** Is called in each turn of each loop of the program. */
function guard(at: number): void {
  if (stopped !== undefined) throw stopped;
  if ((++turns & 255) !== 0) return;
  const time = now();
  if (busySince === 0) {
    busySince = time;
    port2.postMessage(0);
  } else if (time - busySince > maxBusy) {
    stopped = new ProgramError(
      "this loop runs on without an await that lets others go on. There is no preemption here: a goroutine runs until " +
        "it awaits an operation. Await something in the loop, such as gosched()",
      at,
    );
    post({ type: "loop", line: at });
    throw stopped;
  } else if (leader.recorded > 2 * maxEvents) {
    stopped = new ProgramError(`this loop makes too many events: a page shows ${maxEvents} of them`, at);
    throw stopped;
  }
}

/** An exploration's runs print nothing. */
const silent = { modules: {} as Modules, print: () => undefined, loop: guard };

const leader = new Leader((runs) => post({ type: "alive", runs }));

/** The log calls locks by the names of their classes, which a bundler has shortened. */
function nameClasses(modules: Modules): void {
  for (const module of Object.values(modules)) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value === "function" && /^[A-Z]/.test(name)) Object.defineProperty(value, "name", { value: name });
    }
  }
}

export function serve(modules: Modules): void {
  nameClasses(modules);
  const programOf = ({ source }: Order): Program => compile(source, tools, (name) => name in modules);

  const functionOf = (order: Order): (() => Promise<unknown>) => {
    const program = programOf(order);
    if (order.check !== undefined) return checked(program, modules, order.check, guard);
    return program.bind({ ...silent, modules });
  };

  /** The function of a session: what it prints becomes events. */
  const shownFunctionOf = (order: Order): (() => Promise<unknown>) => {
    const program = programOf(order);
    return program.bind({
      modules,
      loop: guard,
      print: (method, values) => (console as unknown as Record<string, (text: string) => void>)[method]?.(line(values)),
    });
  };

  const handle = async (request: Request): Promise<Reply> => {
    stopped = undefined;
    switch (request.type) {
      case "run":
        await leader.begin(shownFunctionOf(request), request);
        await leader.runToEnd(request);
        break;
      case "lead":
        await leader.begin(shownFunctionOf(request), request);
        await leader.advance(request.position ?? 0);
        break;
      case "choose":
        await leader.step(request.choice);
        break;
      case "goTo":
        await leader.goTo(request.position);
        break;
      case "explore":
        // A run that is paused would let every other one wait.
        await leader.stop();
        return { type: "explored", explored: await search(functionOf(request), request) };
    }
    return { type: "recording", recording: leader.recording };
  };

  // Awaited, and not by `then`: a program may have replaced that.
  const answer = async (request: Request): Promise<void> => {
    let reply: Reply;
    try {
      reply = await handle(request);
    } catch (error) {
      const { line, message } = error as ProgramError;
      reply = { type: "error", message, line };
    }
    post(reply);
  };
  // A program can dispatch events too; those are not trusted.
  scope.addEventListener("message", ({ data, isTrusted }) => {
    if (isTrusted) void answer(data);
  });
  post({ type: "ready" });
}

async function search(f: () => Promise<unknown>, request: Extract<Request, { type: "explore" }>): Promise<Explored> {
  const { runs, all, slow = false } = request;
  let count = 0;
  let told = now();
  const counted = (): Promise<unknown> => {
    count++;
    if (now() - told > 100) {
      told = now();
      post({ type: "alive", runs: count });
    }
    return f();
  };
  try {
    const result = await (all
      ? explore.all(counted, { runs, slow })
      : explore(counted, { runs, slow, seed: request.seed }));
    return { runs: result.runs, steps: result.steps, exhausted: result.exhausted, failure: undefined };
  } catch (error) {
    const { kind, token, run } = error as ExploreError;
    if (kind === undefined) throw error;
    const message = (error as Error).message.split("\n")[0]?.replace(/ \(schedule \d+ of seed -?\d+\)/, "") ?? "";
    return { runs: run, steps: 0, exhausted: false, failure: { kind, token, run, message } };
  }
}
