// What gocsp/exec, events and stream do, and what others do in the same place, each measured: prints tables of Markdown.
// It runs beside marks.ts, in a folder with the packages.
import { Repeater, DroppingBuffer, FixedBuffer, SlidingBuffer } from "@repeaterjs/repeater";
import { execa } from "execa";
import { context, errors, select, time } from "gocsp";
import * as events from "gocsp/events";
import * as exec from "gocsp/exec";
import * as stream from "gocsp/stream";
import { spawn } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { writeSync } from "node:fs";
import { PassThrough, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import treeKill from "tree-kill";
import { Mark } from "./marks.ts";

const killAfter = 300;
/** How long what is left may take to end: much longer than it needs, as the machine may be busy. */
const patience = 6000;

/**
 * Prints a table; each cell is what a function has found out. Those of a row are found out at the same time, and if most
 * of the time is spent waiting, all of them.
 */
async function table(title, columns, rows, { together = false } = {}) {
  const lines = [`<!-- ${title} -->`, "", `| | ${columns.join(" | ")} |`, `| --- ${"| --- ".repeat(columns.length)}|`];
  const find = async ([row, ...cells]) => {
    const found = await Promise.all(cells.map((cell) => (typeof cell === "function" ? cell() : cell)));
    return `| ${row} | ${found.join(" | ")} |`;
  };
  if (together) lines.push(...(await Promise.all(rows.map(find))));
  else for (const row of rows) lines.push(await find(row));
  writeSync(1, `${lines.join("\n")}\n\n`);
}

/** Whether something settles before a time that is much longer than it needs. */
const settles = (work, limit) =>
  Promise.race([
    work.then(
      () => true,
      () => true,
    ),
    pause(limit, false),
  ]);

// Processes. Each way starts a shell and returns how to stop it and what tells that it is over.

const ways = {
  exec(script, mark) {
    const [ctx, cancel] = context.withCancel(context.background());
    const cmd = exec.commandContext(ctx, "sh", "-c", script);
    cmd.env = mark.env;
    cmd.waitDelay = killAfter;
    const out = cmd.stdoutPipe();
    const started = cmd
      .start()
      .then(() => once(out, "data"))
      .then(() => out.resume());
    return { started, stop: cancel, over: started.then(() => cmd.wait()) };
  },
  execa(script, mark, more = {}) {
    const controller = new AbortController();
    const { signal: cancelSignal } = controller;
    const options = { env: mark.env, cancelSignal, forceKillAfterDelay: killAfter, buffer: false, ...more };
    const child = execa("sh", ["-c", script], options);
    return {
      started: once(child.stdout, "data").then(() => child.stdout.resume()),
      stop: () => controller.abort(),
      over: child,
    };
  },
  execaTree: (script, mark) => ways.execa(script, mark, { killDescendants: true }),
  node(script, mark) {
    const controller = new AbortController();
    const child = spawn("sh", ["-c", script], { env: mark.env, signal: controller.signal });
    child.on("error", () => undefined);
    return {
      started: once(child.stdout, "data").then(() => child.stdout.resume()),
      stop: () => controller.abort(),
      over: new Promise((resolve) => child.once("close", resolve)),
    };
  },
  treeKill(script, mark) {
    const child = spawn("sh", ["-c", script], { env: mark.env });
    return {
      started: once(child.stdout, "data").then(() => child.stdout.resume()),
      stop: () => new Promise((resolve) => treeKill(child.pid, "SIGTERM", resolve)),
      over: new Promise((resolve) => child.once("close", resolve)),
    };
  },
};

function killAll(mark) {
  for (const pid of mark.alive()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

/** Stops a script in the middle, waits for what says that it is over, and counts the processes that are left. */
const leftAfterStop = (way, script) => async () => {
  const mark = new Mark();
  const { started, stop, over } = ways[way](script, mark);
  over.catch?.(() => undefined);
  await started;
  await stop();
  await settles(over, 4 * killAfter);
  // Long enough for what is killed later.
  const until = performance.now() + patience;
  while (mark.alive().length > 0 && performance.now() < until) await pause(50);
  const left = mark.alive().length;
  killAll(mark);
  return left === 0 ? "nothing is left" : "**some are left**";
};

/** Runs a script whose child outlives it and holds its output. */
const whenHeld = (way) => async () => {
  const mark = new Mark();
  const { started, over } = ways[way]("echo ready; sleep 60 & exit 0", mark);
  over.catch?.(() => undefined);
  await started;
  const done = await settles(over, patience);
  killAll(mark);
  return done ? "returns" : "**waits on**";
};

/** Ends the whole program, as the kernel does when memory runs out, while a command runs. */
const whenKilled = (way) => async () => {
  const mark = new Mark();
  const program = spawn(process.execPath, [import.meta.filename, way, family], { env: mark.env });
  await once(program.stdout, "data");
  program.kill("SIGKILL");
  await once(program, "exit");
  const until = performance.now() + patience;
  while (mark.alive().length > 0 && performance.now() < until) await pause(50);
  const left = mark.alive().length;
  killAll(mark);
  return left === 0 ? "nothing is left" : "**some are left**";
};

// Each says that it is ready when all of its processes are there.
const family = "sleep 60 & (sleep 60 & echo ready; wait) & wait";
const deaf = "(trap '' TERM; sleep 60 & echo ready; wait; sleep 60) & wait";
const orphans = "(sleep 60 & sleep 60 &) ; echo ready; sleep 60";
const apart = "setsid sh -c 'sleep 60 & echo ready; wait' & wait";

const [, , way, script] = process.argv;
if (way !== undefined) {
  const { started } = ways[way](script, { env: process.env });
  await started;
  writeSync(1, "ready");
  await pause(60_000);
}

const all = ["exec", "execa", "execaTree", "node", "treeKill"];

await table(
  "processes",
  ["`gocsp/exec`", "execa", "execa, `killDescendants`", "`spawn`, `signal`", "tree-kill"],
  [
    ["canceled: children and grandchildren", ...all.map((way) => leftAfterStop(way, family))],
    ["canceled: a child that ignores SIGTERM", ...all.map((way) => leftAfterStop(way, deaf))],
    ["canceled: grandchildren whose parent has ended", ...all.map((way) => leftAfterStop(way, orphans))],
    ["canceled: a grandchild with a session of its own", ...all.map((way) => leftAfterStop(way, apart))],
    ["the program itself is killed (SIGKILL)", ...all.map((way) => whenKilled(way))],
    ["it exits, but a child of its holds the pipe", ...all.map((way) => whenHeld(way))],
  ],
  { together: true },
);

// Events: 100,000 of them, and nobody takes any before the last.

const count = 100_000;
const burst = (emitter) => {
  for (let i = 0; i < count; i++) emitter.emit("data", i);
};
const show = (n) => n.toLocaleString("en-US");

/** Takes what waits in an iterator, and no more: what does not come for some turns of the event loop does not wait. */
async function drain(iterator) {
  for (let taken = 0; ; taken++) {
    const state = { next: undefined };
    iterator.next().then(
      (next) => (state.next = next),
      () => undefined,
    );
    for (let waited = 0; waited < 50 && state.next === undefined; waited++) await (waited < 10 ? undefined : turn());
    if (state.next === undefined || state.next.done) return taken;
  }
}

const received = (full) => async () => {
  const emitter = new EventEmitter();
  const [ctx, cancel] = context.withCancel(context.background());
  const ch = events.receive(ctx, emitter, "data", { capacity: 16, full });
  burst(emitter);
  const dropped = events.dropped(ch);
  const cause = events.cause(ch)?.message;
  cancel();
  let kept = 0;
  let last;
  for await (const value of ch) [kept, last] = [kept + 1, value];
  const which = last === count - 1 ? "the last" : "the first";
  return `${which} ${show(kept)}; ${cause ?? `${show(dropped)} dropped, counted`}; ${emitter.listenerCount("data")} listeners left`;
};

const repeated = (buffer) => async () => {
  const emitter = new EventEmitter();
  let thrown;
  const repeater = new Repeater(async (push, stop) => {
    const listener = (value) => {
      try {
        push(value).catch?.(() => undefined);
      } catch (error) {
        thrown ??= error;
      }
    };
    emitter.on("data", listener);
    await stop;
    emitter.off("data", listener);
  }, buffer);
  // It begins when the first value is asked for.
  const first = repeater.next();
  await turn();
  emitter.emit("data", -1);
  await first;
  burst(emitter);
  const kept = await drain(repeater);
  await repeater.return();
  const how = thrown === undefined ? "not counted" : "the listener throws";
  return `${show(kept)} kept, ${how}; ${emitter.listenerCount("data")} listeners left`;
};

async function onEvents() {
  const emitter = new EventEmitter();
  const iterator = on(emitter, "data");
  burst(emitter);
  const kept = await drain(iterator);
  await iterator.return();
  return `**${show(kept)} kept**, there is no limit; ${emitter.listenerCount("data")} listeners left`;
}

/** A source of events that can be paused: at most so many wait for a consumer that takes one at a time. */
class Source extends EventEmitter {
  isPaused = false;
  pauses = 0;
  sent = 0;
  pause() {
    this.isPaused = true;
    this.pauses++;
  }
  resume() {
    this.isPaused = false;
  }
  async run() {
    while (this.sent < count) {
      if (this.isPaused) await turn();
      else this.emit("data", this.sent++);
    }
  }
}

/** Reads all, one at a time, and tells how many were sent and not yet taken at most. */
async function ahead(source, next) {
  const running = source.run();
  let most = 0;
  for (let taken = 0; taken < count; taken++) {
    if ((await next()) !== taken) throw new Error("lost");
    most = Math.max(most, source.sent - taken);
  }
  await running;
  return `all; ${most < 1100 ? "about 1,024" : `**${show(most)}**`} waited at most`;
}

async function paused() {
  const source = new Source();
  const [ctx, cancel] = context.withCancel(context.background());
  const ch = events.receive(ctx, source, "data", { capacity: 1024, full: "pause" });
  const result = await ahead(source, () => ch.receive());
  cancel();
  return result;
}

async function pausedOn() {
  const source = new Source();
  const iterator = on(source, "data", { highWaterMark: 1024, lowWaterMark: 512 });
  return ahead(source, async () => (await iterator.next()).value[0]);
}

await table(
  "events",
  ["`gocsp/events`", "`events.on`", "Repeater"],
  [
    ["drop the newest", received("dropNewest"), "–", repeated(new DroppingBuffer(16))],
    ["drop the oldest", received("dropOldest"), "–", repeated(new SlidingBuffer(16))],
    ["an error", received("error"), "–", repeated(new FixedBuffer(16))],
    ["nothing said", received(undefined), onEvents, repeated(undefined)],
    ["the source pauses", paused, pausedOn, "–"],
  ],
);

// Streams.

/** A stream of numbers that counts what it has made. */
function numbers() {
  let made = 0;
  const readable = new Readable({
    objectMode: true,
    highWaterMark: 4,
    read() {
      this.push(made++);
    },
  });
  return { readable, made: () => made };
}

const why = new Error("the user has left");

async function receiveCanceled() {
  const { readable } = numbers();
  const [ctx, cancel] = context.withCancelCause(context.background());
  const ch = stream.receive(ctx, readable);
  await ch.receive();
  cancel(why);
  for await (const _ of ch);
  await turn();
  return `closed; ${stream.cause(ch) === why ? "the cause is at hand" : "no cause"}; source ${readable.destroyed ? "destroyed" : "**open**"}`;
}

async function pipelineCanceled() {
  const { readable } = numbers();
  const controller = new AbortController();
  const slow = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => void turn().then(done) });
  const piped = errors.result(pipeline(readable, slow, { signal: controller.signal }));
  await turn();
  controller.abort(why);
  const [, err] = await piped;
  return `throws ${err.name}; ${err.cause === why ? "the cause is at hand" : "no cause"}; source ${readable.destroyed ? "destroyed" : "**open**"}`;
}

async function receiveAhead() {
  const { readable, made } = numbers();
  const [ctx, cancel] = context.withCancel(context.background());
  const ch = stream.receive(ctx, readable);
  await ch.receive();
  await pause(20);
  const result = `${made()} made for 1 taken`;
  cancel();
  return result;
}

async function bareAhead() {
  const { readable, made } = numbers();
  await readable[Symbol.asyncIterator]().next();
  await pause(20);
  const result = `${made()} made for 1 taken`;
  readable.destroy();
  return result;
}

/** Values come slowly; each wait for one races against a timer that wins half of the time. */
async function trickle(out) {
  for (let i = 0; i < 10; i++) {
    await pause(20);
    out.write(i);
  }
  out.end();
}

async function selected() {
  const out = new PassThrough({ objectMode: true });
  const ch = stream.receive(context.background(), out);
  void trickle(out);
  let taken = 0;
  for (;;) {
    const op = await select({ value: ch, late: time.after(8) });
    if (op.case === "late") continue;
    if (!op.ok) return `${taken} of 10 values`;
    taken++;
  }
}

async function raced() {
  const out = new PassThrough({ objectMode: true });
  const iterator = out[Symbol.asyncIterator]();
  void trickle(out);
  let taken = 0;
  for (let tries = 0; tries < 1000; tries++) {
    const late = Symbol("late");
    const result = await Promise.race([iterator.next(), pause(8, late)]);
    if (result === late) continue;
    if (result.done) break;
    taken++;
  }
  return taken < 10 ? "**loses values**" : `${taken} of 10 values`;
}

await table(
  "streams",
  ["`gocsp/stream`", "`stream/promises`, `for await`"],
  [
    ["canceled with a cause", receiveCanceled, pipelineCanceled],
    ["read ahead of the consumer (`highWaterMark: 4`)", receiveAhead, bareAhead],
    ["a wait for a value that a timer may win", selected, raced],
  ],
);
process.exit();
