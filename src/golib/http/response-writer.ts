import type { Connected } from "../../http/server.ts";
import { PanicError } from "../../runtime/panic.ts";
import type { MaybePromise, Result, Writer } from "../io/io.ts";
import { toBytes } from "../text.ts";
import { Header } from "./header.ts";
import { detectContentType } from "./sniff.ts";
import { statusText } from "./status.ts";

type NodeResponse = Connected[2];

/**
 * Answers a request. Mirrors Go's `http.ResponseWriter`. A write waits while the client is slow.
 *
 * @example
 * ```ts
 * http.handleFunc("GET /hello/{name}", async (w, r) => {
 *   w.header().set("X-Greeting", "yes");
 *   await fmt.fprintf(w, "hello, %s\n", r.pathValue("name"));
 * });
 * ```
 */
export interface ResponseWriter extends Writer {
  header(): Header;
  write(p: Uint8Array): MaybePromise<Result>;
  writeHeader(status: number): void;
}

/** A writer that sends what it has: `http.Flusher`. */
export interface Flusher {
  flush(): void;
}

/** A status must not have a body: `http.ErrBodyNotAllowed`. */
export const errBodyNotAllowed: Error = new Error("http: request method or response status code does not allow body");
/** More was written than `Content-Length` says: `http.ErrContentLength`. */
export const errContentLength: Error = new Error("http: wrote more than the declared Content-Length");

const errOver = new Error("http: the handler of this request has returned");

/** Panics as Go does for a status that is none. */
export function checkStatus(status: number): void {
  if (status < 100 || status > 999) throw new PanicError(`invalid WriteHeader code ${status}`);
}

/** Tells whether an answer with a status may have a body. */
export function bodyAllowed(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

/** How much is held back, so that a short answer gets a length and a type. */
const held = 2048;

/** Writes to a response of Node, as Go's server does. */
export class ServerWriter implements ResponseWriter, Flusher {
  readonly #res: NodeResponse;
  readonly #isHead: boolean;
  readonly #log: (text: string) => void;
  /** Returns an error once no more may be written. */
  readonly #stopped: () => Error | undefined;
  #header = new Header();
  /** The headers as they were at `writeHeader`. */
  #sent = new Header();
  #status = 0;
  #begun = false;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #written = 0;
  #length = -1;
  #isOver = false;

  constructor(res: NodeResponse, isHead: boolean, log: (text: string) => void, stopped: () => Error | undefined) {
    this.#res = res;
    this.#isHead = isHead;
    this.#log = log;
    this.#stopped = stopped;
    // A client that leaves is seen by the context; without a listener Node would end the program.
    res.on("error", () => undefined);
  }

  header(): Header {
    return this.#header;
  }

  writeHeader(status: number): void {
    if (this.#status !== 0) {
      this.#log("http: superfluous response.WriteHeader call");
      return;
    }
    checkStatus(status);
    // Node sends an interim answer by itself where one is needed.
    if (status < 200 && status !== 101) return;
    this.#status = status;
    this.#sent = this.#header.clone();
    const length = this.#sent.get("Content-Length");
    if (/^\d+$/.test(length)) this.#length = Number(length);
    else this.#sent.del("Content-Length");
  }

  write(p: Uint8Array): MaybePromise<Result> {
    if (this.#status === 0) this.writeHeader(200);
    if (p.length === 0) return [0, undefined];
    if (!bodyAllowed(this.#status)) return [0, errBodyNotAllowed];
    this.#written += p.length;
    if (this.#length >= 0 && this.#written > this.#length) return [0, errContentLength];
    const stopped = this.#isOver ? errOver : this.#stopped();
    if (stopped !== undefined) return [0, stopped];
    this.#pieces.push(p.slice());
    this.#size += p.length;
    if (this.#size <= held) return [p.length, undefined];
    this.#begin(false);
    return this.#push() ? [p.length, undefined] : this.#drained(p.length);
  }

  writeString(text: string): MaybePromise<Result> {
    return this.write(toBytes(text));
  }

  flush(): void {
    if (this.#isOver || this.#res.destroyed) return;
    if (this.#status === 0) this.writeHeader(200);
    this.#begin(false);
    this.#res.flushHeaders();
    this.#push();
  }

  /** Completes the answer when the handler has returned. */
  finish(): void {
    if (this.#status === 0) this.writeHeader(200);
    this.#isOver = true;
    this.#begin(true);
    const isWrong = bodyAllowed(this.#status) && !this.#isHead && this.#length >= 0 && this.#written !== this.#length;
    this.#push();
    if (!isWrong) {
      this.#res.end();
      return;
    }
    // As in Go, the client sees that the answer broke off.
    this.#res.flushHeaders();
    this.#res.socket?.end();
  }

  /** Sends the headers; `whole` tells that all of the body is here. */
  #begin(whole: boolean): void {
    if (this.#begun) return;
    this.#begun = true;
    const { map } = this.#sent;
    if (!bodyAllowed(this.#status)) {
      for (const name of ["Content-Length", "Transfer-Encoding"]) map.delete(name);
      if (this.#status === 304) map.delete("Content-Type");
    } else if (!map.has("Transfer-Encoding")) {
      if (whole && !map.has("Content-Length") && (!this.#isHead || this.#size > 0)) {
        this.#sent.set("Content-Length", String(this.#size));
      }
      if (this.#size > 0 && !map.has("Content-Type") && this.#sent.get("Content-Encoding") === "") {
        this.#sent.set("Content-Type", detectContentType(this.#joined()));
      }
    }
    const res = this.#res;
    res.statusCode = this.#status;
    res.statusMessage = statusText(this.#status) || `status code ${this.#status}`;
    for (const [name, values] of map) if (values.length > 0) res.setHeader(name, values);
    // Go says nothing about a connection that stays open.
    if (res.shouldKeepAlive && !map.has("Connection")) res.removeHeader("Connection");
  }

  #joined(): Uint8Array {
    const [first] = this.#pieces;
    if (this.#pieces.length === 1 && first !== undefined) return first;
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  #taken(): Uint8Array {
    const all = this.#joined();
    this.#pieces = [];
    this.#size = 0;
    return all;
  }

  /** Passes on what was held back, and tells whether Node has room for more. */
  #push(): boolean {
    return this.#size === 0 || this.#res.write(this.#taken()) || this.#res.destroyed;
  }

  #drained(n: number): Promise<Result> {
    return new Promise((resolve) => {
      const res = this.#res;
      const done = (): void => {
        res.off("drain", done).off("close", done);
        const err = this.#stopped();
        resolve(err === undefined ? [n, undefined] : [0, err]);
      };
      res.on("drain", done).on("close", done);
    });
  }
}
