import { chan, type Context, context, type ReceiveChan } from "gocsp";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { createServer, type RequestListener, type Server } from "node:http";
import type { EventEmitter } from "node:events";
import { type AddressInfo, connect, type Server as NetServer, type Socket } from "node:net";
import { afterEach } from "vitest";
import { endOf } from "../context/contexts.ts";

/** The result of `endOf` for a context whose client has gone away, or whose response has been sent. */
export const canceledPlainly = "context canceled, context canceled, done closed";
export { endOf };

const cleanups: (() => unknown)[] = [];

/** Closes after each test what it has opened, and checks for goroutines left behind. */
export function expectNothingOpen(): void {
  expectNoGoroutinesLeft();
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
}

export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Starts a server on loopback, which is closed after the test. */
export async function listen<S extends NetServer>(server: S): Promise<S & { port: number; url: string }> {
  const sockets = new Set<Socket>();
  (server as EventEmitter).on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return Object.assign(server, { port, url: `http://127.0.0.1:${port}` });
}

/** Starts a server of node:http. */
export function serve(listener: RequestListener): Promise<Server & { port: number; url: string }> {
  return listen(createServer(listener));
}

/** Resolves when a context ends. */
export async function ended(ctx: Context): Promise<void> {
  await ctx.done().receive();
}

/** A value that comes later. */
export interface Later<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function later<T = void>(): Later<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

/** A client that speaks TCP, and reads what comes. */
export class RawClient {
  readonly socket: Socket;
  received = "";
  readonly closed: Promise<void>;
  #changed: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      for (const changed of this.#changed.splice(0)) changed();
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        for (const changed of this.#changed.splice(0)) changed();
      });
    });
  }

  static async connect(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", ...options });
    atEnd(() => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new RawClient(socket);
  }

  /** Sends a request without a body. */
  get(path: string, ...headers: string[]): void {
    this.socket.write([`GET ${path} HTTP/1.1`, "Host: test", ...headers, "", ""].join("\r\n"));
  }

  /** Sends the head of a request with a body. */
  post(path: string, length: number): void {
    this.socket.write(`POST ${path} HTTP/1.1\r\nHost: test\r\nContent-Length: ${length}\r\n\r\n`);
  }

  /** Waits until this has been received. */
  async receive(text: string): Promise<void> {
    while (!this.received.includes(text)) {
      if (this.socket.destroyed) throw new Error(`closed after ${JSON.stringify(this.received)}, without ${text}`);
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }

  /** Resets the connection. */
  vanish(): void {
    this.socket.resetAndDestroy();
  }

  /** Closes the connection: the server sees its end. */
  leave(): void {
    this.socket.destroy();
  }
}

/** Asks for `/`, and returns the lines of the answer's head and its body as they came. */
export async function getRaw(port: number, path = "/"): Promise<{ head: string[]; body: string }> {
  const client = await RawClient.connect(port);
  client.get(path, "Connection: close");
  await client.closed;
  const [head = "", body = ""] = client.received.split("\r\n\r\n");
  return { head: head.split("\r\n"), body };
}

/** Makes a context with a canceled base, for checks. */
export const background: Context = context.background();

/** A context that counts the waiters for its end. */
export class Counting implements Context {
  waiting = 0;
  readonly #done = chan<never>();
  #calls = new Set<() => void>();
  #err: Error | undefined;

  deadline(): undefined {
    return undefined;
  }

  done(): ReceiveChan<never> {
    return this.#done;
  }

  err(): Error | undefined {
    return this.#err;
  }

  value(): undefined {
    return undefined;
  }

  afterFunc(f: () => void): () => boolean {
    this.waiting++;
    const call = (): void => f();
    this.#calls.add(call);
    return () => {
      if (!this.#calls.delete(call)) return false;
      this.waiting--;
      return true;
    };
  }

  end(): void {
    this.#err = context.canceled;
    this.#done.close();
    for (const call of this.#calls) call();
  }
}
