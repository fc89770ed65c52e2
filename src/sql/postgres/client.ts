/**
 * The part of the package `pg` that the driver uses. Declared here because its own declarations are a package that
 * users need not have, and because `pg` knows no word for an exchange that we run ourselves.
 */

import { loadPackage } from "../driver/driver.ts";

/** A socket, encrypted or not. */
export interface Socket {
  readonly writable: boolean;
  readonly destroyed: boolean;
  /** Whether so much waits to be sent that no more should be written. */
  readonly writableNeedDrain: boolean;
  readonly remoteAddress?: string | undefined;
  write(bytes: Uint8Array): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
  once(event: "drain", listener: () => void): unknown;
  removeListener(event: "drain", listener: () => void): unknown;
}

/** The columns of a result. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Speaks the protocol, message by message. */
export interface Connection {
  readonly stream: Socket;
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  sendCopyFromChunk(bytes: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  sync(): void;
  end(): void;
  on(event: string, listener: (message: never) => void): this;
  once(event: string, listener: (message: never) => void): this;
  removeListener(event: string, listener: (message: never) => void): this;
}

/** What a client calls for each message of the server as long as the exchange goes on. */
export interface Submittable {
  submit(connection: Connection): Error | null;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[]; readonly length: number }): void;
  handlePortalSuspended(): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleEmptyQuery(): void;
  handleCopyInResponse(): void;
  handleCopyData(message: { readonly chunk: Uint8Array }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

/** What another session has told. */
export interface Told {
  readonly channel: string;
  readonly payload?: string;
  readonly processId: number;
}

/** A connection that has logged in. */
export interface Client {
  readonly connection: Connection;
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly sslNegotiation?: string;
  readonly processID: number | null;
  readonly secretKey: number | null;
  connect(): Promise<unknown>;
  query(exchange: Submittable): unknown;
  ref(): void;
  unref(): void;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "notification", listener: (message: Told) => void): this;
}

/** The package. */
export interface Package {
  readonly Client: new (config: object) => Client;
  readonly Connection: new (config: object) => Connection;
}

/** Loads the package; the error for a missing one names the command that installs it. */
export async function loadClient(): Promise<Package> {
  const module: unknown = await loadPackage("gocsp/sql/postgres", "pg", () => import("pg"));
  // Its early versions are CommonJS only.
  return (module as { default?: Package }).default ?? (module as Package);
}
