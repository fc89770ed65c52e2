import { errnoText } from "./errno.ts";
import { type Connected, internals, Server as HttpServer } from "../../http/server.ts";
import type { MaybePromise } from "../io/io.ts";

/** An address. Mirrors Go's `net.Addr`. */
export interface Addr {
  network(): string;
  toString(): string;
}

/** A socket that takes connections, for `http.serve`. Mirrors Go's `net.Listener`; there is no `accept`. */
export interface Listener {
  addr(): Addr;
  close(): Error | undefined;
}

/** The address of a listener. Mirrors Go's `net.TCPAddr`. */
export class TCPAddr implements Addr {
  readonly port: number;
  readonly #host: string;

  constructor(host: string, port: number) {
    this.#host = host;
    this.port = port;
  }

  network(): string {
    return "tcp";
  }

  string(): string {
    return `${this.#host.includes(":") ? `[${this.#host}]` : this.#host}:${this.port}`;
  }

  toString(): string {
    return this.string();
  }
}

/** Answers the requests that arrive on a listener. */
export type Answer = (...exchange: Connected) => MaybePromise<void>;

/** A listener that `listen` returned. Requests that arrive before it is served wait. */
export class TCPListener implements Listener {
  /** The server that listens. */
  readonly server: HttpServer;
  #serve: (answer: Answer) => void = () => undefined;
  readonly #answer: Promise<Answer> = new Promise((resolve) => (this.#serve = resolve));
  #whenClosed: (err: Error) => void = () => undefined;
  /** The error of `accept` once the listener is closed. */
  readonly closed: Promise<Error> = new Promise((resolve) => (this.#whenClosed = resolve));
  #isClosed = false;

  constructor() {
    const handler = async (...exchange: Connected): Promise<void> => (await this.#answer)(...exchange);
    this.server = new HttpServer({ handler });
  }

  /** Answers all requests from now on. */
  serve(answer: Answer): void {
    this.#serve(answer);
  }

  addr(): Addr {
    const addr = this.server.addr();
    return new TCPAddr(addr?.address ?? "", addr?.port ?? 0);
  }

  /** Takes no more connections; those that are open go on. */
  close(): Error | undefined {
    const err = new Error(
      `${this.#isClosed ? "close" : "accept"} tcp ${this.addr().toString()}: ${errnoText("EBADF")}`,
    );
    if (this.#isClosed) return err;
    this.#isClosed = true;
    internals.node(this.server)?.close();
    this.#whenClosed(err);
    return undefined;
  }
}
