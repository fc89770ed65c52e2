import type { Column } from "../driver/driver.ts";
import type { Client, Command, Field, Header } from "./client.ts";
import { askForBytes, isDate } from "./packed-date.ts";
import { type Converter, converterFor, typeName } from "./types.ts";

/** About how many bytes a step brings at most, however many rows they are. */
const mostBytes = 1 << 20;

/** The connection on which a statement runs. */
export interface Line {
  readonly client: Client;
  /** How many bytes have come. */
  readonly received: number;
  noteHeader(header: Header): void;
}

/**
 * A statement that runs. It goes in steps: each ends when there are `batch` rows, or when all is over. In between the
 * socket is paused, so the server waits for us when its buffers are full. What one read of the socket has brought
 * is taken in whole: to have `mysql2` keep the rest of it would make a copy of each packet.
 */
export class Execution {
  /** The columns, once the server has described them; undefined where there are none. */
  columns: readonly Column[] | undefined;
  /** The rows that have not been taken yet. */
  #rows: unknown[][] = [];
  /** What the server says to have done, if it was no query. */
  header: Header | undefined;
  /** Whether the connection is free again. */
  over = false;
  /** Whether the server was asked to run it. */
  started = false;

  readonly #line: Line;
  /** How many bytes had come before this step. */
  #before = 0;
  readonly #batch: number;
  /** Which result this is, from 1: a procedure may have several, of which the first counts. */
  #result = 0;
  #isRows = false;
  #discards: boolean;
  /** Whether dates come as bytes of the binary protocol, if we ask for them. */
  #readsDates = false;
  /** The places of the columns that are converted, and what converts each. */
  #places: number[] = [];
  #converters: Converter[] = [];
  #isPaused = false;
  #failure: Error | undefined;
  #settle: ((failure: Error | undefined) => void) | undefined;

  /** Follows a command; with a `batch` of 0 the rows are thrown away. */
  constructor(line: Line, batch: number) {
    this.#line = line;
    this.#batch = batch;
    this.#discards = batch === 0;
  }

  /** Whether there is no more to come, neither rows nor an error. */
  get drained(): boolean {
    return this.over && this.#failure === undefined;
  }

  /** Begins; `readsDates` says that values come in the binary protocol, and that we read the dates of it. */
  start(command: Command, readsDates: boolean): Promise<void> {
    this.#readsDates = readsDates;
    const step = this.#step();
    this.started = true;
    command.on("fields", (fields) => this.#describe(fields));
    command.on("result", (row) => this.#receive(row));
    command.on("error", (error) => (this.#failure ??= error));
    command.on("end", () => this.#end());
    return step;
  }

  /** Takes the rows that are here. */
  take(): unknown[][] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Reads the next rows. */
  more(): Promise<void> {
    const step = this.#step();
    this.#resume();
    return step;
  }

  /** Reads the rest and throws it away. */
  drain(): Promise<void> {
    this.#discards = true;
    this.#rows = [];
    return this.more();
  }

  /** Ends it because the connection is gone. */
  lose(error: Error): void {
    this.#failure ??= error;
    this.#end();
  }

  #step(): Promise<void> {
    this.#before = this.#line.received;
    return new Promise((resolve, reject) => {
      this.#settle = (failure) => {
        this.#settle = undefined;
        if (failure === undefined) resolve();
        else reject(failure);
      };
      if (this.over) this.#settle(this.#failure);
    });
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#line.client.stream.resume();
  }

  #describe(fields: readonly Field[] | undefined): void {
    this.#result++;
    this.#isRows = fields !== undefined;
    if (this.#result > 1 || fields === undefined) return;
    this.columns = fields.map((field) => ({ name: field.name, databaseTypeName: typeName(field) }));
    for (const [place, field] of fields.entries()) {
      const convert = this.#readsDates && isDate(field) ? askForBytes(field) : converterFor(field);
      if (convert === undefined) continue;
      this.#places.push(place);
      this.#converters.push(convert);
    }
  }

  #receive(row: unknown): void {
    if (!this.#isRows) {
      this.header = row as Header;
      this.#line.noteHeader(this.header);
      return;
    }
    if (this.#result > 1 || this.#discards) return;
    const values = row as unknown[];
    const places = this.#places;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const value = values[place];
      if (value !== null) values[place] = (this.#converters[i] as Converter)(value);
    }
    this.#rows.push(values);
    if (this.#isPaused) return;
    if (this.#rows.length < this.#batch && this.#line.received - this.#before < mostBytes) return;
    this.#isPaused = true;
    this.#line.client.stream.pause();
    this.#settle?.(undefined);
  }

  #end(): void {
    this.over = true;
    // The next statement waits for its answer.
    this.#resume();
    this.#settle?.(this.#failure);
  }
}
