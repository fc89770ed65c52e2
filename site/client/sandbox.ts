/**
 * Where strangers' programs run: a worker inside a frame that has no origin, no network and no access to the page. The page
 * talks to it in plain data, and ends it when it does not answer.
 */

import { maxBusy, type Reply, type Request } from "../engine/protocol.ts";
import { answers, replyOf } from "../engine/replies.ts";

const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; connect-src 'none'; form-action 'none'";

/** The whole program of the frame. It passes messages on, and starts and ends the worker. */
const frame = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>sandbox</title><script>
let worker;
addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  if (data.engine !== undefined) {
    worker?.terminate();
    const url = URL.createObjectURL(new Blob([data.engine], { type: "text/javascript" }));
    const { id } = data;
    worker = new Worker(url);
    worker.onmessage = ({ data }) => parent.postMessage({ id, reply: data }, "*");
    worker.onerror = (event) => {
      event.preventDefault();
      parent.postMessage({ id, reply: { type: "error", message: String(event.message) } }, "*");
    };
  } else if (data.stop) worker?.terminate();
  else worker?.postMessage(data.request);
});
parent.postMessage({ loaded: true }, "*");
</script>`;

/** A program was ended because it did not answer. */
export class Unresponsive extends Error {}

/** What was asked for is not wanted any more. */
export class GivenUp extends Error {
  constructor() {
    super("given up");
  }
}

interface Asked {
  readonly type: Request["type"];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly alive: ((runs: number) => void) | undefined;
}

/** How long a worker may take to start: it is compiled then. */
const maxStart = 20_000;

/** Signs of life that come sooner after one another are not told. */
const minAlive = 50;

export class Sandbox {
  readonly #engineOf: (source: string) => Promise<string>;
  #frame: HTMLIFrameElement | undefined;
  /** Settles when the frame listens, or was closed before. */
  #loaded: Promise<void> | undefined;
  #loads: () => void = () => undefined;
  #engine = "";
  /** Of the worker: what an ended one has still sent has another. */
  #id = 0;
  /** Of what was asked last: whoever waited for the worker meanwhile is given up. */
  #ticket = 0;
  #ready: Promise<void> | undefined;
  #starting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #asked: Asked | undefined;
  #line = 0;
  #timer = 0;
  #told = 0;
  #closed = false;

  /** `engineOf` returns the text of the worker that a program needs. */
  constructor(engineOf: (source: string) => Promise<string>) {
    this.#engineOf = engineOf;
  }

  /** Starts the worker, so that the first run need not wait for it. */
  prepare(source: string): Promise<void> {
    return this.#prepare(source, this.#ticket);
  }

  /**
   * Asks the worker for something. What it was asked for before is given up. What goes on with a run needs the worker that
   * has it.
   */
  async ask(request: Request, alive?: (runs: number) => void): Promise<Reply> {
    if (this.#asked !== undefined) this.stop(new GivenUp());
    const ticket = ++this.#ticket;
    if ("source" in request) await this.#prepare(request.source, ticket);
    else if (this.#ready === undefined) throw new GivenUp();
    else await this.#ready;
    this.#check(ticket);
    return new Promise((resolve, reject) => {
      this.#asked = { type: request.type, resolve, reject, alive };
      this.#line = 0;
      this.#watch();
      this.#frame?.contentWindow?.postMessage({ request: structuredClone(request) }, "*");
    });
  }

  /** Ends the worker, and what is asked of it. */
  stop(reason: Error): void {
    this.#frame?.contentWindow?.postMessage({ stop: true }, "*");
    this.#ready = undefined;
    this.#id++;
    this.#ticket++;
    this.#starting?.reject(reason);
    this.#settle()?.reject(reason);
  }

  /** Removes the frame, for good. */
  close(): void {
    this.#closed = true;
    this.stop(new GivenUp());
    removeEventListener("message", this.#listen);
    this.#frame?.remove();
    this.#frame = undefined;
    this.#loads();
  }

  #check(ticket: number): void {
    if (this.#closed || ticket !== this.#ticket) throw new GivenUp();
  }

  async #prepare(source: string, ticket: number): Promise<void> {
    const engine = await this.#engineOf(source);
    // Something else was asked for meanwhile, which starts the worker that it needs.
    this.#check(ticket);
    if (this.#ready !== undefined && engine === this.#engine) return this.#ready;
    this.#engine = engine;
    const ready = this.#start();
    this.#ready = ready;
    // One that did not start is started anew when it is needed again.
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  #settle(): Asked | undefined {
    clearTimeout(this.#timer);
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const line = this.#line === 0 ? "" : `line ${this.#line}: `;
      this.stop(
        new Unresponsive(
          `${line}the program was ended: for two seconds it has not let the page go on. A goroutine runs until it awaits an ` +
            "operation; there is no preemption. Await something in each loop, such as gosched()",
        ),
      );
    }, 2 * maxBusy);
  }

  /** Makes the frame, once. */
  #load(): Promise<void> {
    if (this.#loaded !== undefined) return this.#loaded;
    this.#loaded = new Promise((resolve) => (this.#loads = resolve));
    const element = document.createElement("iframe");
    element.setAttribute("sandbox", "allow-scripts");
    element.setAttribute("aria-hidden", "true");
    element.title = "sandbox";
    element.tabIndex = -1;
    element.style.display = "none";
    element.srcdoc = frame;
    this.#frame = element;
    addEventListener("message", this.#listen);
    document.body.append(element);
    return this.#loaded;
  }

  async #start(): Promise<void> {
    // One that has begun to start is replaced.
    this.#starting?.reject(new GivenUp());
    const id = ++this.#id;
    await this.#load();
    if (id !== this.#id) throw new GivenUp();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#starting = undefined;
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      const timer = setTimeout(() => fail(new Error("the engine does not start")), maxStart);
      this.#starting = {
        resolve: () => {
          end();
          resolve();
        },
        reject: fail,
      };
      this.#frame?.contentWindow?.postMessage({ id, engine: this.#engine }, "*");
    });
  }

  readonly #listen = ({ source, data }: MessageEvent): void => {
    if (this.#frame === undefined || source !== this.#frame.contentWindow) return;
    const { loaded, id, reply: sent } = data as { loaded?: boolean; id?: number; reply?: unknown };
    if (loaded === true) return this.#loads();
    // What an ended worker has still sent.
    if (id !== this.#id) return;
    const { type } = (sent ?? {}) as { type?: unknown };
    const now = performance.now();
    if (type === "alive" && now - this.#told < minAlive) return;
    const asked = this.#asked;
    const reply = replyOf(sent);
    if (reply === undefined) {
      if (asked === undefined || typeof type !== "string") return;
      this.#settle()?.reject(new Error("what the program has sent is no answer"));
      return;
    }
    if (reply.type === "ready") return this.#starting?.resolve();
    if (reply.type === "error" && this.#starting !== undefined) return this.#starting.reject(new Error(reply.message));
    if (asked === undefined) return;
    if (reply.type === "loop") this.#line = reply.line;
    else if (reply.type === "alive") {
      this.#told = now;
      this.#watch();
      asked.alive?.(reply.runs);
    } else if (answers(reply, asked.type)) {
      this.#settle();
      if (reply.type !== "error") return asked.resolve(reply);
      const error: Error & { line?: number } = new Error(reply.message);
      if (reply.line !== undefined) error.line = reply.line;
      asked.reject(error);
    }
  };
}
