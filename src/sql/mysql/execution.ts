import type { Client, Command, Field, Header } from "./client.ts";
import { type Converter, converterFor } from "./types.ts";

/** About how many bytes a step brings at most, however many rows they are. */
const mostBytes = 1 << 20;

/**
 * A statement that runs. It goes in steps: each ends when there are `batch` rows, or when all is over. In between the
 * socket is paused, so the server waits for us when its buffers are full.
 */
export class Execution {
  /** The columns, once the server has described them; undefined where there are none. */
  fields: readonly Field[] | undefined;
  /** The rows since the last step. */
  rows: unknown[][] = [];
  /** What the server says to have done, if it was no query. */
  header: Header | undefined;
  /** Whether the connection is free again. */
  over = false;
  /** Whether the server was asked to run it. */
  started = false;

  readonly #client: Client;
  /** How many bytes had come before this step. */
  #before = 0;
  readonly #batch: number;
  /** Which result this is, from 1: a procedure may have several, of which the first counts. */
  #result = 0;
  #isRows = false;
  #discards: boolean;
  #converters: [index: number, convert: Converter][] = [];
  #failure: Error | undefined;
  #settle: ((failure: Error | undefined) => void) | undefined;
  readonly #onHeader: (header: Header) => void;

  /** Follows a command; with a `batch` of 0 the rows are thrown away. */
  constructor(client: Client, batch: number, onHeader: (header: Header) => void) {
    this.#client = client;
    this.#batch = batch;
    this.#discards = batch === 0;
    this.#onHeader = onHeader;
  }

  /** Whether there is no more to come, neither rows nor an error. */
  get drained(): boolean {
    return this.over && this.#failure === undefined;
  }

  start(command: Command): Promise<void> {
    const step = this.#step();
    this.started = true;
    command.on("fields", (fields) => this.#describe(fields));
    command.on("result", (row) => this.#receive(row));
    command.on("error", (error) => (this.#failure ??= error));
    command.on("end", () => this.#end());
    return step;
  }

  /** Reads the next rows. */
  more(): Promise<void> {
    const step = this.#step();
    if (!this.over) this.#client.resume();
    return step;
  }

  /** Reads the rest and throws it away. */
  drain(): Promise<void> {
    this.#discards = true;
    return this.more();
  }

  /** Ends it because the connection is gone. */
  lose(error: Error): void {
    this.#failure ??= error;
    this.#end();
  }

  #step(): Promise<void> {
    this.rows = [];
    this.#before = this.#client.stream.bytesRead;
    return new Promise((resolve, reject) => {
      this.#settle = (failure) => {
        this.#settle = undefined;
        if (failure === undefined) resolve();
        else reject(failure);
      };
      if (this.over) this.#settle(this.#failure);
    });
  }

  #describe(fields: readonly Field[] | undefined): void {
    this.#result++;
    this.#isRows = fields !== undefined;
    if (this.#result > 1 || fields === undefined) return;
    this.fields = fields;
    this.#converters = fields.flatMap((field, index): [number, Converter][] => {
      const convert = converterFor(field);
      return convert === undefined ? [] : [[index, convert]];
    });
  }

  #receive(row: unknown): void {
    if (!this.#isRows) {
      this.header = row as Header;
      this.#onHeader(this.header);
      return;
    }
    if (this.#result > 1 || this.#discards) return;
    const values = row as unknown[];
    for (const [index, convert] of this.#converters) {
      const value = values[index];
      if (value !== null) values[index] = convert(value);
    }
    this.rows.push(values);
    if (this.rows.length < this.#batch && this.#client.stream.bytesRead - this.#before < mostBytes) return;
    this.#client.pause();
    this.#settle?.(undefined);
  }

  #end(): void {
    this.over = true;
    this.#settle?.(this.#failure);
  }
}
