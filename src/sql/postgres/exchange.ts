import type { Connection, Client, Field, Submittable } from "./client.ts";
import { isServerError } from "./postgres-error.ts";
import { parserFor, type Parser } from "./types.ts";

/** An argument as the protocol carries it. */
export type Wire = string | Uint8Array | null;

/**
 * Tells whether a statement may have more parameters than 32767. `pg` takes their number for a negative one when it is
 * asked for, and throws where it cannot be caught.
 */
export function mayHaveMany(text: string): boolean {
  return /\$\d{5}/.test(text) && [...text.matchAll(/\$(\d+)/g)].some(([, n]) => Number(n) > 0x7fff);
}

/**
 * One exchange with the server, from its first message to ReadyForQuery. It runs in steps: each ends when the server has
 * sent as many rows as it was asked for, or when all is over. One step at a time.
 *
 * In between the server waits for us and holds the rest of the result in a portal: that bounds the memory, and giving up
 * costs one message. `pg-cursor` works in the same way, but parses each time, hides the parameters and the columns, and
 * waits forever when it is closed after an error.
 */
export class Exchange implements Submittable {
  /** The columns, once the server has described them; undefined where there are none. */
  fields: readonly Field[] | undefined;
  /** The types of the parameters, once the server has described them. */
  parameters: readonly number[] | undefined;
  /** The rows of the last step. */
  rows: unknown[][] = [];
  /** What the server says to have done, as `INSERT 0 1`. */
  tag = "";
  /** Whether anything of this may have reached the server. */
  sent = false;
  /** Whether the connection is free again. */
  over = false;

  readonly #send: (connection: Connection) => void;
  readonly #keepsRows: boolean;
  /** Whether the server has been told that this is all. It says ReadyForQuery once for each time. */
  #synced: boolean;
  #connection: Connection | undefined;
  #parsers: Parser[] = [];
  /** What went wrong on our side; told when the exchange is over. */
  #refusal: Error | undefined;
  #failure: Error | undefined;
  #settle: ((failure: Error | undefined) => void) | undefined;

  private constructor(send: (connection: Connection) => void, synced: boolean, keepsRows: boolean) {
    this.#send = send;
    this.#synced = synced;
    this.#keepsRows = keepsRows;
  }

  /** Runs a statement, of which `text` is undefined if it is prepared, and throws its rows away. */
  static exec(name: string, text: string | undefined, values: readonly Wire[]): Exchange {
    return new Exchange((connection) => run(connection, name, text, values, 0), true, false);
  }

  /** Runs a statement, of which `text` is undefined if it is prepared, for its first `count` rows. */
  static query(name: string, text: string | undefined, values: readonly Wire[], count: number): Exchange {
    return new Exchange((connection) => run(connection, name, text, values, count), false, true);
  }

  static prepare(name: string, text: string): Exchange {
    return new Exchange(
      (connection) => {
        connection.parse({ name, text });
        connection.describe({ type: "S", name });
        connection.sync();
      },
      true,
      false,
    );
  }

  /** Frees a prepared statement; there need not be one of that name. */
  static free(name: string): Exchange {
    return new Exchange(
      (connection) => {
        connection.close({ type: "S", name });
        connection.sync();
      },
      true,
      false,
    );
  }

  /** Asks for nothing but an answer. */
  static sync(): Exchange {
    return new Exchange((connection) => connection.sync(), true, false);
  }

  /** Whether there is no more to come, neither rows nor an error. */
  get drained(): boolean {
    return this.over && this.#failure === undefined;
  }

  start(client: Client): Promise<void> {
    const step = this.#step();
    client.query(this);
    return step;
  }

  /** Asks for the next `count` rows. */
  more(count: number): Promise<void> {
    const step = this.#step();
    if (!this.over) {
      this.#connection?.execute({ portal: "", rows: count });
      this.#connection?.flush();
    }
    return step;
  }

  /** Gives up the rows that are left. */
  finish(): Promise<void> {
    const step = this.#step();
    if (!this.over) {
      this.#connection?.close({ type: "P", name: "" });
      this.#sync();
    }
    return step;
  }

  #step(): Promise<void> {
    this.rows = [];
    return new Promise((resolve, reject) => {
      this.#settle = (failure) => (failure === undefined ? resolve() : reject(failure));
      if (this.over) this.#stepDone(this.#failure);
    });
  }

  #end(failure: Error | undefined): void {
    this.over = true;
    this.#failure = failure;
    this.#connection?.removeListener("parameterDescription", this.#onParameters);
    this.#stepDone(failure);
  }

  #stepDone(failure: Error | undefined): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(failure);
  }

  // The client of pg calls these.

  submit(connection: Connection): Error | null {
    if (!connection.stream.writable) return new Error("the connection is closed");
    this.#connection = connection;
    this.sent = true;
    connection.on("parameterDescription", this.#onParameters);
    connection.stream.cork();
    this.#send(connection);
    connection.stream.uncork();
    return null;
  }

  readonly #onParameters = (message: { readonly dataTypeIDs: readonly number[] }): void => {
    this.parameters = message.dataTypeIDs;
  };

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.fields = message.fields;
    this.#parsers = message.fields.map(({ dataTypeID }) => parserFor(dataTypeID));
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (!this.#keepsRows || this.#refusal !== undefined) return;
    const values: unknown[] = message.fields as (string | null)[];
    try {
      for (let i = 0; i < values.length; i++) {
        if (values[i] !== null) values[i] = this.#parsers[i]?.(values[i] as string);
      }
      this.rows.push(values);
    } catch (error) {
      // We are on the stack of the socket: what is thrown here ends the program.
      const name = this.fields?.find((_, i) => typeof values[i] === "string")?.name ?? "";
      this.#refusal = new Error(`postgres: cannot read a value of the column ${JSON.stringify(name)}`, {
        cause: error,
      });
    }
  }

  handlePortalSuspended(): void {
    this.#stepDone(undefined);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.tag = message.text;
    this.#sync();
  }

  handleEmptyQuery(): void {
    this.#sync();
  }

  handleCopyInResponse(): void {
    this.#refusal = new Error("postgres: COPY FROM STDIN is not supported");
    this.#connection?.sendCopyFail("not supported");
    // The server swallows a Sync that it finds in the data.
    this.#connection?.sync();
    this.#synced = true;
  }

  handleCopyData(): void {
    this.#refusal = new Error("postgres: COPY TO STDOUT is not supported");
  }

  handleReadyForQuery(): void {
    this.#end(this.#refusal);
  }

  handleError(error: Error): void {
    if (this.over) return;
    const connection = this.#connection;
    if (connection === undefined || !isServerError(error)) return this.#end(error);
    this.#sync();
    // The connection is not free before the server says so, or it ends after an error that is fatal.
    const done = (): void => {
      connection.removeListener("readyForQuery", done);
      connection.removeListener("end", done);
      this.#end(this.#refusal ?? error);
    };
    connection.on("readyForQuery", done);
    connection.on("end", done);
  }

  #sync(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#connection?.sync();
  }
}

/** Sends a statement for `count` rows, or for all of them at once if that is 0. */
function run(
  connection: Connection,
  name: string,
  text: string | undefined,
  values: readonly Wire[],
  count: number,
): void {
  if (text !== undefined) connection.parse({ name, text });
  // To describe the statement tells its parameters too, even if there are not as many arguments.
  const asksForParameters = text !== undefined && !mayHaveMany(text);
  if (asksForParameters) connection.describe({ type: "S", name });
  connection.bind({ portal: "", statement: name, values });
  if (!asksForParameters) connection.describe({ type: "P", name: "" });
  connection.execute({ portal: "", rows: count });
  if (count === 0) connection.sync();
  else connection.flush();
}
