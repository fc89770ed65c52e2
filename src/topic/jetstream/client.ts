/**
 * The part of the package `@nats-io/transport-node` that the engine uses. Declared here because users need not have the package.
 * JetStream itself is spoken by hand: its requests are JSON on subjects of the server.
 */

import { loadPackage } from "../../sql/driver/driver.ts";

/** The headers of a message. */
export interface Headers {
  readonly code: number;
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

/** Loads the package; the error for a missing one names the command that installs it. */
export async function loadNats(): Promise<Package> {
  const name = "@nats-io/transport-node";
  const module: unknown = await loadPackage("gocsp/topic/jetstream", name, () => import("@nats-io/transport-node"));
  return module as Package;
}
