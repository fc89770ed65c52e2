import type { Column } from "../driver/driver.ts";
import type { Connection, Client, Field, Submittable } from "./client.ts";
import { isServerError } from "./postgres-error.ts";
import { type Message, pack } from "./messages.ts";
import { parserFor, type Parser } from "./types.ts";

/** An argument as the protocol carries it. */
export type Wire = string | Uint8Array | null;

/** How many rows and about how many bytes a step brings at most. */
const mostRows = 256;
const mostBytes = 1 << 20;

/**
 * Tells whether a statement may have more parameters than 32767. `pg` takes their number for a negative one when it is
 * asked for, and throws where it cannot be caught.
 */
export function mayHaveMany(text: string): boolean {
  return /\$\d{5}/.test(text) && [...text.matchAll(/\$(\d+)/g)].some(([, n]) => Number(n) > 0x7fff);
}

/** What the server has said about a statement: it need not say it again. */
export interface Description {
  /** The columns; undefined where there are none. */
  fields: readonly Field[] | undefined;
  parsers: readonly Parser[];
  /** The columns as `sql` sees them, once they have been asked for. */
  columns: readonly Column[] | undefined;
  /** The types of the parameters; undefined as long as the server has not said them. */
  parameters: readonly number[] | undefined;
}

/** What occupies the connection until it is over. */
export interface Running {
  /** Whether the connection is free again. */
  readonly over: boolean;
  /** Whether anything of this may have reached the server. */
  readonly sent: boolean;
  handleParameters?(types: readonly number[]): void;
}

/** How a statement is run. */
export interface Plan {
  /** The server's name for it; "" for none. */
  readonly name: string;
  readonly text: string;
  /** Whether the server knows it already, by its name. */
  readonly isPrepared: boolean;
  readonly values: readonly Wire[];
  /** "none": its rows are thrown away. "one": at most one comes. "all": they come as they are read. */
  readonly rows: "none" | "one" | "all";
  /** Whether the rows that are not read yet stay at the server, in a portal. That needs a transaction. */
  readonly portal: boolean;
  /** What is known about it, if the server has described it before. */
  readonly known: Description | undefined;
  /** Prepared statements that the server is to free before. */
  readonly unneeded: readonly string[];
}

/**
 * One exchange with the server: a statement from its first message to the last ReadyForQuery. It runs in steps, one at a
 * time; each ends when a batch of rows is here, or when all is over. To begin is one write, and one answer.
 *
 * In a transaction the server waits between the steps and holds the rest of the result in a portal, so giving up costs one
 * message. Outside of one a portal does not outlive a step: the server sends everything, and we stop reading from the
 * socket, so that it has to wait. Either way memory stays bounded.
 */
export class Exchange implements Submittable, Running {
  /** The statement; "" for exchanges that run none. */
  readonly text: string;
  /** What the server has said about the statement. */
  readonly told: Description;
  /** The rows of the last step. */
  rows: unknown[][] = [];
  /** What the server says to have done, as `INSERT 0 1`. */
  tag = "";
  /** Whether anything of this may have reached the server. */
  sent = false;
  /** Whether the connection is free again. */
  over = false;
  /** Why the statement failed, if no step has thrown that yet. */
  unseen: Error | undefined;

  /** What is to be sent next. */
  #message: Buffer;
  readonly #isPortal: boolean;
  /** Whether it runs in the simple protocol, in which nobody sends a Sync. */
  #isSimple = false;
  #keepsRows: boolean;
  #client: Client | undefined;
  #connection: Connection | undefined;
  /** How many bytes of rows this step has brought. */
  #bytes = 0;
  /** Whether we have stopped reading, so that the server has to wait. */
  #isPaused = false;
  /** Whether the server holds the rest of the rows in a portal. */
  #isSuspended = false;
  /** What went wrong on our side; told when the exchange is over. */
  #refusal: Error | undefined;
  #failure: Error | undefined;
  #resolve: (() => void) | undefined;
  #reject: ((failure: Error) => void) | undefined;

  private constructor(message: Buffer, keepsRows: boolean, isPortal: boolean, known?: Description, text = "") {
    this.text = text;
    this.#message = message;
    this.#keepsRows = keepsRows;
    this.#isPortal = isPortal;
    this.told = known ?? { fields: undefined, parsers: [], columns: undefined, parameters: undefined };
  }

  /** Runs a statement. */
  static run({ name, text, isPrepared, values, rows, portal, known, unneeded }: Plan): Exchange {
    const messages: Message[] = unneeded.map((name) => ({ kind: "close", what: "S", name }));
    if (!isPrepared) messages.push({ kind: "parse", name, text });
    // To describe the statement tells its parameters too, even if there are not as many arguments.
    const asksForParameters = !isPrepared && !mayHaveMany(text);
    if (asksForParameters) messages.push({ kind: "describe", what: "S", name });
    messages.push({ kind: "bind", name, values });
    if (known === undefined && !asksForParameters) messages.push({ kind: "describe", what: "P", name: "" });
    const isPortal = portal && rows === "all";
    messages.push({ kind: "execute", rows: rows === "one" ? 1 : isPortal ? mostRows : 0 }, { kind: "sync" });
    return new Exchange(pack(messages), rows !== "none", isPortal, known, text);
  }

  /** Runs several statements without arguments; what they yield is thrown away. */
  static several(text: string): Exchange {
    const exchange = new Exchange(pack([{ kind: "query", text }]), false, false, undefined, text);
    exchange.#isSimple = true;
    return exchange;
  }

  static prepare(name: string, text: string): Exchange {
    const message = pack([{ kind: "parse", name, text }, { kind: "describe", what: "S", name }, { kind: "sync" }]);
    return new Exchange(message, false, false);
  }

  /** Frees a prepared statement; there need not be one of that name. */
  static free(name: string): Exchange {
    return new Exchange(pack([{ kind: "close", what: "S", name }, { kind: "sync" }]), false, false);
  }

  /** Asks for nothing but an answer. */
  static sync(): Exchange {
    return new Exchange(pack([{ kind: "sync" }]), false, false);
  }

  get fields(): readonly Field[] | undefined {
    return this.told.fields;
  }

  get parameters(): readonly number[] | undefined {
    return this.told.parameters;
  }

  /** Whether the server waits for us, and needs no cancel to give up. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** Whether nothing is lost if the statement is canceled in the middle of its rows: it only reads. */
  get onlyReads(): boolean {
    return (
      /^\s*(SELECT|VALUES|TABLE|WITH|SHOW|EXPLAIN)\b/i.test(this.text) &&
      !/\b(INSERT|UPDATE|DELETE|MERGE)\b/i.test(this.text)
    );
  }

  /** Whether there is no more to come, neither rows nor an error. */
  get drained(): boolean {
    return this.over && this.#failure === undefined;
  }

  start(client: Client): Promise<void> {
    this.#client = client;
    const step = this.#step();
    client.query(this);
    return step;
  }

  /** Reads the next rows. */
  more(): Promise<void> {
    const step = this.#step();
    if (this.over) return step;
    if (this.#isSuspended) this.#send([{ kind: "execute", rows: mostRows }, { kind: "sync" }]);
    else this.#resume();
    return step;
  }

  /** Gives up the rows that are left: throws away those that come, or has the server do so. */
  finish(): Promise<void> {
    this.#keepsRows = false;
    const step = this.#step();
    if (this.over) return step;
    if (this.#isSuspended) this.#send([{ kind: "close", what: "P", name: "" }, { kind: "sync" }]);
    else this.#resume();
    return step;
  }

  #send(messages: readonly Message[]): void {
    this.#isSuspended = false;
    this.#message = pack(messages);
    this.#client?.query(this);
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#connection?.stream.resume();
  }

  #step(): Promise<void> {
    this.rows = [];
    this.#bytes = 0;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (!this.over) return;
      this.unseen = undefined;
      this.#stepDone(this.#failure);
    });
  }

  #end(failure: Error | undefined): void {
    this.over = true;
    this.#failure = failure;
    // It may come together with the last rows, when no step waits for it.
    if (this.#reject === undefined) this.unseen = failure;
    this.#resume();
    this.#stepDone(failure);
  }

  #stepDone(failure: Error | undefined): void {
    const resolve = this.#resolve;
    const reject = this.#reject;
    this.#resolve = this.#reject = undefined;
    if (failure === undefined) resolve?.();
    else reject?.(failure);
  }

  // The client of pg calls these.

  submit(connection: Connection): Error | null {
    if (!connection.stream.writable) return new Error("the connection is closed");
    this.#connection = connection;
    this.sent = true;
    connection.stream.write(this.#message);
    return null;
  }

  /** The connection calls this: the client keeps the message to itself. */
  handleParameters(types: readonly number[]): void {
    this.told.parameters = types;
  }

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.told.fields = message.fields;
    this.told.columns = undefined;
    this.told.parsers = message.fields.map(({ dataTypeID }) => parserFor(dataTypeID));
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[]; readonly length: number }): void {
    if (!this.#keepsRows || this.#refusal !== undefined) return;
    const values: unknown[] = message.fields as (string | null)[];
    const { parsers } = this.told;
    try {
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value !== null) values[i] = (parsers[i] as Parser)(value as string);
      }
      this.rows.push(values);
    } catch (error) {
      // We are on the stack of the socket: what is thrown here ends the program.
      const name = this.fields?.find((_, i) => typeof values[i] === "string")?.name ?? "";
      this.#refusal = new Error(`postgres: cannot read a value of the column ${JSON.stringify(name)}`, {
        cause: error,
      });
      return;
    }
    if (this.#isPaused) return;
    // In a portal the server stops by itself after as many rows.
    const isEnough = !this.#isPortal && this.rows.length >= mostRows;
    this.#bytes += message.length;
    if (!isEnough && this.#bytes < mostBytes) return;
    this.#isPaused = true;
    (this.#connection as Connection).stream.pause();
    this.#stepDone(undefined);
  }

  handlePortalSuspended(): void {
    this.#isSuspended = this.#isPortal;
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.tag = message.text;
  }

  handleEmptyQuery(): void {}

  handleCopyInResponse(): void {
    this.#refusal = new Error("postgres: COPY FROM STDIN is not supported here: use copyFrom");
    this.#connection?.sendCopyFail("not supported");
    // The server swallows a Sync that it finds in the data.
    if (!this.#isSimple) this.#connection?.sync();
  }

  handleCopyData(): void {
    this.#refusal = new Error("postgres: COPY TO STDOUT is not supported here: use copyTo");
  }

  handleReadyForQuery(): void {
    if (!this.#isSuspended) return this.#end(this.#refusal);
    this.#resume();
    this.#stepDone(undefined);
  }

  handleError(error: Error): void {
    if (this.over) return;
    const connection = this.#connection;
    if (connection === undefined || !isServerError(error)) return this.#end(error);
    // The connection is not free before the server says so, or it ends after an error that is fatal.
    const done = (): void => {
      connection.removeListener("readyForQuery", done);
      connection.removeListener("end", done);
      this.#isSuspended = false;
      this.#end(this.#refusal ?? error);
    };
    connection.on("readyForQuery", done);
    connection.on("end", done);
  }
}
