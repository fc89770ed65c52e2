/** COPY: a stream of bytes to the server or from it, which occupies a connection until it is over. */

import { describe } from "../../runtime/arguments.ts";
import type { Client, Connection, Submittable } from "./client.ts";
import type { Running } from "./exchange.ts";
import { pack } from "./messages.ts";
import { isServerError } from "./postgres-error.ts";

/** How much is sent in one message: each costs a system call. */
const messageSize = 1 << 16;

/** How much is read before the server has to wait. */
const mostBytes = 1 << 20;

/** A COPY that runs, in the protocol of a text: one message begins it, and ReadyForQuery ends it. */
export abstract class Copy implements Submittable, Running {
  readonly text: string;
  /** What the server says to have done, as `COPY 3`. */
  tag = "";
  sent = false;
  over = false;
  protected connection: Connection | undefined;
  /** What went wrong on our side; it is thrown instead of what the server says about it. */
  refusal: { readonly error: unknown } | undefined;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  readonly #ended = new Promise<void>((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  constructor(text: string) {
    this.text = text;
  }

  /** Runs it to its end; throws what the server or the network says. */
  run(client: Client): Promise<void> {
    client.query(this);
    return this.#ended;
  }

  /** Makes the server give up, or read on, so that it sees a cancel. Called more than once. */
  abstract giveUp(): void;

  /** Ends it with this error, as soon as the server has ended it. */
  protected refuse(error: unknown): void {
    this.refusal ??= { error };
  }

  /** Called when the last message of the server is here. */
  protected finish(error: unknown): void {
    if (error === undefined) this.#resolve();
    else this.#reject(error);
  }

  // The client of pg calls these.

  submit(connection: Connection): Error | null {
    if (!connection.stream.writable) return new Error("the connection is closed");
    this.connection = connection;
    this.sent = true;
    connection.stream.write(pack([{ kind: "query", text: this.text }]));
    return null;
  }

  handleRowDescription(): void {
    this.refuse(new Error(`postgres: the statement must be a COPY, got ${describe(this.text)}`));
  }

  handleDataRow(): void {}

  handlePortalSuspended(): void {}

  handleEmptyQuery(): void {
    this.handleRowDescription();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.tag = text;
    if (!text.startsWith("COPY")) this.handleRowDescription();
  }

  handleCopyInResponse(): void {
    this.connection?.sendCopyFail("there is nothing to copy");
    this.refuse(new Error("postgres: COPY FROM STDIN needs copyFrom"));
  }

  handleCopyData(_message: { readonly chunk: Uint8Array }): void {
    this.refuse(new Error("postgres: COPY TO STDOUT needs copyTo"));
  }

  handleReadyForQuery(): void {
    this.#end(undefined);
  }

  handleError(error: Error): void {
    const { connection } = this;
    if (connection === undefined || !isServerError(error)) return this.#end(error);
    const done = (): void => {
      connection.removeListener("readyForQuery", done);
      connection.removeListener("end", done);
      this.#end(error);
    };
    connection.on("readyForQuery", done);
    connection.on("end", done);
  }

  #end(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.finish(error);
  }
}

/** What `copyFrom` takes. */
export type CopySource = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** COPY FROM STDIN. */
export class CopyIn extends Copy {
  readonly #source: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  /** Whether the server waits for our data, or for the word that there is no more. */
  #isOpen = false;
  #wasOpen = false;

  constructor(text: string, source: CopySource) {
    super(text);
    this.#source = typeof source === "string" || source instanceof Uint8Array ? [source] : source;
  }

  override giveUp(): void {
    // A server that waits for data sees no cancel.
    this.#close(() => this.connection?.sendCopyFail("the context has ended"));
  }

  override handleCopyInResponse(): void {
    if (this.#wasOpen) {
      this.connection?.sendCopyFail("there is one source only");
      return this.refuse(new Error("postgres: copyFrom takes one COPY at a time"));
    }
    this.#isOpen = this.#wasOpen = true;
    void this.#pump();
  }

  protected override finish(error: unknown): void {
    this.#isOpen = false;
    super.finish(error);
  }

  /** Sends the source. Ends also when the server does, in the middle. */
  async #pump(): Promise<void> {
    try {
      let waiting: Uint8Array[] = [];
      let size = 0;
      const flush = async (): Promise<void> => {
        if (size === 0 || !this.#isOpen) return;
        const { connection } = this;
        connection?.sendCopyFromChunk(Buffer.concat(waiting));
        waiting = [];
        size = 0;
        if (connection?.stream.writableNeedDrain === true) await drained(connection);
      };
      for await (const chunk of this.#source) {
        if (!this.#isOpen) return;
        const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        if (!(bytes instanceof Uint8Array)) {
          throw new TypeError(`postgres: a part of the data must be a string or a Uint8Array, got ${describe(chunk)}`);
        }
        size += bytes.length;
        // What is kept must be ours: a source may use its buffer again for the next part.
        waiting.push(typeof chunk === "string" || size >= messageSize ? bytes : Buffer.from(bytes));
        if (size >= messageSize) await flush();
      }
      await flush();
      this.#close(() => this.connection?.endCopyFrom());
    } catch (error) {
      if (this.#isOpen) this.refuse(error);
      this.#close(() => this.connection?.sendCopyFail("the source of the data has failed"));
    }
  }

  #close(send: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    send();
  }
}

/** Waits until what was written has been sent, or the connection is lost. */
function drained(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      connection.stream.removeListener("drain", done);
      connection.removeListener("end", done);
      resolve();
    };
    connection.stream.once("drain", done);
    connection.once("end", done);
  });
}

/** COPY TO STDOUT. */
export class CopyOut extends Copy {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #waiting: Uint8Array[] = [];
  #size = 0;
  #isPaused = false;
  #isWriting = false;
  #isGivenUp = false;
  #ended: { readonly error: unknown } | undefined;

  /** Calls `write` with what comes, one call at a time. */
  constructor(text: string, write: (bytes: Uint8Array) => Promise<void>) {
    super(text);
    this.#write = write;
  }

  override giveUp(): void {
    // A server that waits for us to read sees no cancel.
    this.#isGivenUp = true;
    this.#waiting = [];
    this.#resume();
  }

  override handleCopyData({ chunk }: { readonly chunk: Uint8Array }): void {
    if (this.#isGivenUp) return;
    // The buffer is the parser's, which uses it again.
    this.#waiting.push(Buffer.from(chunk));
    this.#size += chunk.length;
    if (this.#size >= mostBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.connection?.stream.pause();
    }
    if (!this.#isWriting) void this.#pump();
  }

  protected override finish(error: unknown): void {
    this.#ended = { error };
    if (!this.#isWriting) super.finish(error);
  }

  async #pump(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) {
        const bytes = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#size = 0;
        await this.#write(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
        if (this.#waiting.length === 0) this.#resume();
      }
    } catch (error) {
      this.refuse(error);
      this.giveUp();
    }
    this.#isWriting = false;
    if (this.#ended !== undefined) super.finish(this.#ended.error);
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.connection?.stream.resume();
  }
}
