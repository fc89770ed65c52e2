/**
 * The part of the package `@nats-io/transport-node` that the engine uses. Declared here because users need not have the package.
 * JetStream itself is spoken by hand: its requests are JSON on subjects of the server.
 */

import { loadPackage } from "../../sql/driver/driver.ts";

/** The headers of a message. */
export interface Headers {
  readonly code: number;
  /** What a status says in words. */
  readonly description: string;
  get(name: string): string;
  set(name: string, value: string): void;
}

/** A message. */
export interface Msg {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string;
  readonly headers?: Headers;
  json<T>(): T;
  string(): string;
}

/** A connection that comes back by itself. */
export interface Nats {
  /** What the server has said of itself; undefined while it is away. */
  readonly info?: { readonly max_payload: number };
  request(
    subject: string,
    payload: string | Uint8Array,
    options: { timeout: number; headers?: Headers; noMux?: boolean },
  ): Promise<Msg>;
  publish(subject: string, payload: string | Uint8Array, options?: { reply?: string; headers?: Headers }): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: Msg) => void },
  ): { unsubscribe(): void };
  status(): AsyncIterable<{ readonly type: string }>;
  close(): Promise<void>;
  isClosed(): boolean;
}

/** The package. */
export interface Package {
  connect(options: object): Promise<Nats>;
  headers(): Headers;
}

interface Emitter {
  on(event: "error", f: () => void): unknown;
  removeAllListeners(...args: unknown[]): unknown;
}

/**
 * Keeps the process alive when the server closes the connection while something is being written: the package (3.4) takes its
 * listeners from the socket before the socket has said that the write failed, and an error that nobody hears of is fatal. What
 * was not sent is noticed by whoever waits for its answer. Where the package is made in another way this does nothing.
 */
export function shield(connection: Nats): void {
  const { protocol } = connection as { protocol?: { transport?: { socket?: Partial<Emitter> } } };
  const socket = protocol?.transport?.socket;
  if (typeof socket?.on !== "function" || typeof socket.removeAllListeners !== "function") return;
  const remove = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...args) => {
    remove(...args);
    socket.on?.("error", () => undefined);
    return socket;
  };
}

/** Loads the package; the error for a missing one names the command that installs it. */
export async function loadNats(): Promise<Package> {
  const name = "@nats-io/transport-node";
  const module: unknown = await loadPackage("gocsp/topic/jetstream", name, () => import("@nats-io/transport-node"));
  return module as Package;
}
