// One scenario, named by the first argument, in which main waits for something that only the host can bring: never a
// deadlock.
import { execFile, spawn } from "node:child_process";
import { pbkdf2 } from "node:crypto";
import { readFile } from "node:fs";
import { open } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { MessageChannel, parentPort, Worker } from "node:worker_threads";
import { gzip } from "node:zlib";
import { chan, context, go, main, select, time } from "gocsp";

const ch = chan<string>();
const tell = (what: string): void => go(() => ch.send(what));
const here = fileURLToPath(import.meta.url);

/** Each starts something; sooner or later `tell` is called. */
const starts: Record<string, () => unknown> = {
  timeout: () => setTimeout(tell, 60, "timeout"),
  interval() {
    const interval = setInterval(() => {
      clearInterval(interval);
      tell("interval");
    }, 60);
  },
  immediate: () => setImmediate(() => setImmediate(tell, "immediate")),
  nextTick: () => process.nextTick(tell, "nextTick"),
  file: () => readFile(here, () => tell("file")),
  async fileHandle() {
    const file = await open(here);
    await file.stat();
    await file.close();
    tell("fileHandle");
  },
  pool: () => pbkdf2("password", "salt", 50_000, 32, "sha256", () => tell("pool")),
  zip: () => gzip("text", () => tell("zip")),
  child: () => spawn(process.execPath, ["-e", "setTimeout(() => {}, 60)"]).on("exit", () => tell("child")),
  output: () => execFile(process.execPath, ["-p", "6 * 7"], (_, text) => tell(`output ${text.trim()}`)),
  socket() {
    const server = createServer((socket) => setTimeout(() => socket.end("x"), 60));
    server.listen(0, "127.0.0.1", () => {
      const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
      client.on("data", () => tell("socket"));
    });
  },
  fetch() {
    const server = createHttpServer((_, response) => setTimeout(() => response.end("fetch"), 60));
    const ask = async (): Promise<void> => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      tell(await response.text());
    };
    server.listen(0, "127.0.0.1", () => void ask());
  },
  port() {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", tell);
    setTimeout(() => port2.postMessage("port"), 60).unref();
  },
  worker() {
    const worker = new Worker("setTimeout(() => require('node:worker_threads').parentPort.postMessage('worker'), 60)", {
      eval: true,
    });
    worker.on("message", tell);
  },
  parent() {
    parentPort?.on("message", tell);
    parentPort?.postMessage("parent");
  },
  signal() {
    process.on("SIGUSR2", () => tell("signal"));
    const script = `setTimeout(() => process.kill(${process.pid}, "SIGUSR2"), 60)`;
    spawn(process.execPath, ["-e", script], { stdio: "ignore" }).unref();
  },
  beforeExit() {
    let rounds = 0;
    process.on("beforeExit", () => {
      rounds++;
      if (rounds < 5) setTimeout(() => undefined, 1);
      else if (rounds === 5) tell("beforeExit");
    });
  },
  beforeExitReads() {
    let rounds = 0;
    process.on("beforeExit", () => {
      if (rounds++ < 3) readFile(here, () => rounds === 3 && tell("beforeExitReads"));
    });
  },
  sleep: () => go(async () => time.sleep(60).then(() => ch.send("sleep"))),
  after: () =>
    go(async () =>
      time
        .after(60)
        .receive()
        .then(() => ch.send("after")),
    ),
  tick: () =>
    go(async () =>
      time
        .tick(60)
        .receive()
        .then(() => ch.send("tick")),
    ),
  select: () => go(async () => select({ after: time.after(60), ch: chan() }).then(() => ch.send("select"))),
  afterFunc: () => time.afterFunc(60, tell.bind(undefined, "afterFunc")),
  deadline: () =>
    go(async () => {
      const [ctx, cancel] = context.withTimeout(context.background(), 60);
      using _ = cancel;
      await ctx.done().receive();
      await ch.send("deadline");
    }),
};

const [name, form] = process.argv.slice(2) as [string, string | undefined];
const wait = async (): Promise<void> => console.log(await ch.receive());

if (form !== "listening last") starts[name]?.();
if (form === "await") {
  await wait();
  process.exit();
}
main(wait);
if (form === "listening last") starts[name]?.();
