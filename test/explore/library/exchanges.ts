// http's exchanges, with requests and responses that are as much of Node's as the package looks at.
import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { chan, context, errors, go, gosched, select, sync, time } from "gocsp";
import * as http from "gocsp/http";
import { type Program, same } from "./program.ts";

class Socket extends EventEmitter {
  destroyed = false;

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit("close");
  }
}

class Request extends EventEmitter {
  readonly method = "GET";
  readonly url = "/";
  readonly headers = {};
  readonly complete = true;
  readonly socket: Socket;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
  }
}

/** A response whose sending takes a moment, in which the client may go away. */
class Response extends EventEmitter {
  statusCode = 200;
  writableEnded = false;
  writableFinished = false;
  destroyed = false;
  closed = false;
  body = "";
  readonly socket: Socket;
  readonly #headers = new Map<string, unknown>();
  #isBegun = false;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket.once("close", () => this.destroy());
  }

  get headersSent(): boolean {
    return this.#isBegun;
  }

  getHeaderNames = (): string[] => [...this.#headers.keys()];
  getHeader = (name: string): unknown => this.#headers.get(name);
  hasHeader = (name: string): boolean => this.#headers.has(name);

  setHeader(name: string, value: unknown): this {
    this.#headers.set(name, value);
    return this;
  }

  removeHeader(name: string): void {
    this.#headers.delete(name);
  }

  writeHead(status: number): this {
    this.statusCode = status;
    this.#isBegun = true;
    return this;
  }

  write(text: string | Uint8Array): boolean {
    this.#isBegun = true;
    this.body += String(text);
    return true;
  }

  end(text?: string | Uint8Array): this {
    if (text !== undefined && typeof text !== "function") this.write(Buffer.from(text).toString());
    if (this.writableEnded) return this;
    this.#isBegun = this.writableEnded = true;
    go(async () => {
      await gosched();
      if (this.destroyed) return;
      this.writableFinished = true;
      this.emit("finish");
      this.#close();
    });
    return this;
  }

  destroy(): void {
    if (this.closed) return;
    this.destroyed = true;
    this.#close();
  }

  #close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit("close");
  }
}

interface Exchange {
  readonly socket: Socket;
  readonly req: IncomingMessage;
  readonly res: Response & ServerResponse;
}

function exchange(): Exchange {
  const socket = new Socket();
  return {
    socket,
    req: new Request(socket) as unknown as IncomingMessage,
    res: new Response(socket) as Response & ServerResponse,
  };
}

/** A server that answers when its last exchange is over. */
class Drained extends EventEmitter {
  open = 0;
  #closed: (() => void) | undefined;

  close(callback: () => void): void {
    this.#closed = callback;
    this.left(0);
  }

  closeIdleConnections(): void {}

  left(n: number): void {
    this.open -= n;
    if (this.open === 0) this.#closed?.();
  }
}

export const exchanges: readonly Program[] = [
  {
    name: "http: the context of a request ends when its client goes, or when both handler and answer are done, not before",
    run: async () => {
      const { socket, req, res } = exchange();
      const returned = chan<context.Context>(1);
      let gone = false;
      const handle = http.handler(async (ctx, _, answer) => {
        same(gone || ctx.err() === undefined, true, "alive in the handler");
        await gosched();
        answer.end("answer");
        await gosched();
        same(gone || ctx.err() === undefined, true, "alive behind the answer");
        returned.trySend(ctx);
      });
      const wg = new sync.WaitGroup();
      wg.go(() => handle(req, res));
      wg.go(async () => {
        await gosched();
        gone = !res.writableFinished;
        const ctx = http.context(req, res);
        socket.destroy();
        if (gone) same(ctx.err() === context.canceled, true, "ended when the client has gone");
      });
      await wg.wait();
      const ctx = (await returned.receive()) as context.Context;
      await ctx.done().receive();
      same(ctx.err() === context.canceled, true, "ended in the end");
    },
  },
  {
    name: "http: the context of an answered request ends once, after the later of handler and answer",
    run: async () => {
      const { req, res } = exchange();
      let [ends, over] = [0, false];
      const done = chan<void>(1);
      const handle = http.handler(async (ctx, _, answer) => {
        context.afterFunc(ctx, () => {
          ends++;
          same([over, res.closed], [true, true], "the handler has returned, and the answer is out");
          done.trySend();
        });
        answer.end("answer");
        for (let i = 0; i < 3; i++) await gosched();
        over = true;
      });
      handle(req, res);
      await done.receive();
      await gosched();
      same([ends, res.body], [1, "answer"], "ends, and the answer");
    },
  },
  {
    name: "http: who answers too late is replaced, and who answers in time is not",
    slow: true,
    run: async () => {
      const { req, res } = exchange();
      let inTime = false;
      const limited = http.timeoutHandler(
        async (ctx, _, answer) => {
          const op = await select({ done: ctx.done(), work: time.after(time.second) });
          inTime = op.case === "work" && ctx.err() === undefined;
          answer.end("in time");
        },
        time.second,
        "too slow",
      );
      const closed = chan<void>(1);
      res.once("close", () => closed.trySend());
      http.handler(limited)(req, res);
      await closed.receive();
      const wanted = inTime ? [200, "in time", true] : [503, "too slow", true];
      same([res.statusCode, res.body, res.writableFinished], wanted, "one answer, complete");
    },
  },
  {
    name: "http: fetchHandler answers, or says 499 to a client that has gone; its context ends once in either case",
    run: async () => {
      const controller = new AbortController();
      let [ended, waited] = [0, 0];
      const work = chan<string>(1);
      const handle = http.fetchHandler(async (ctx) => {
        context.onEnd(ctx, () => void ended++);
        const answer = await work.receive(ctx);
        waited++;
        return new globalThis.Response(null, { status: 200, headers: { answer: String(answer) } });
      });
      const wg = new sync.WaitGroup();
      let status = 0;
      wg.go(async () => {
        ({ status } = await handle(new globalThis.Request("http://localhost/", { signal: controller.signal })));
        same(ended, 1, "how often the context has ended");
      });
      wg.go(() => controller.abort());
      wg.go(() => work.send("answer"));
      await wg.wait();
      same([status, ended], [waited === 1 ? 200 : 499, 1], "the status, and how often the context has ended");
    },
  },
  {
    name: "http: shutdown returns when the last exchange is over, or when its context ends, and leaves nothing behind",
    slow: true,
    run: async () => {
      const server = new Drained();
      server.open = 2;
      const [ctx, cancel] = context.withTimeout(context.background(), time.second);
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          await time.sleep(i * time.second);
          server.left(1);
        });
      }
      const [, err] = await errors.result(http.shutdown(ctx, server as unknown as Server));
      if (err === undefined) same(server.open, 0, "open when it has shut down");
      else same(err === ctx.err(), true, "why it gave up");
      cancel();
      await wg.wait();
    },
  },
];
