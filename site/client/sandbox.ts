/**
 * Where strangers' programs run: a worker inside a frame that has no origin, no network and no access to the page. The page
 * talks to it in plain data, and ends it when it does not answer.
 */

import { maxBusy, type Reply, type Request } from "../engine/protocol.ts";

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

interface Asked {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly alive: ((runs: number) => void) | undefined;
}

/** How long a worker may take to start: it is compiled then. */
const maxStart = 20_000;

export class Sandbox {
  readonly #engineOf: (source: string) => Promise<string>;
  #frame: HTMLIFrameElement | undefined;
  #engine = "";
  #id = 0;
  #ready: Promise<void> | undefined;
  #started: (() => void) | undefined;
  #asked: Asked | undefined;
  #line = 0;
  #timer = 0;

  /** `engineOf` returns the text of the worker that a program needs. */
  constructor(engineOf: (source: string) => Promise<string>) {
    this.#engineOf = engineOf;
  }

  /** Starts the worker, so that the first run need not wait for it. */
  async prepare(source: string): Promise<void> {
    const engine = await this.#engineOf(source);
    if (this.#ready !== undefined && engine === this.#engine) return this.#ready;
    this.#engine = engine;
    return (this.#ready = this.#start());
  }

  /** Asks the worker for something. What it was asked for before is given up. */
  async ask(request: Request, alive?: (runs: number) => void): Promise<Reply> {
    if (this.#asked !== undefined) this.stop(new Error("given up"));
    if ("source" in request) await this.prepare(request.source);
    else await this.#ready;
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject, alive };
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
    this.#settle()?.reject(reason);
  }

  /** Removes the frame. */
  close(): void {
    this.stop(new Error("given up"));
    removeEventListener("message", this.#listen);
    this.#frame?.remove();
    this.#frame = undefined;
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

  async #start(): Promise<void> {
    if (this.#frame === undefined) {
      const loaded = new Promise<void>((resolve) => (this.#started = resolve));
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
      await loaded;
    }
    const id = ++this.#id;
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the engine does not start")), maxStart);
      this.#started = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#frame.contentWindow?.postMessage({ id, engine: this.#engine }, "*");
    return ready;
  }

  readonly #listen = ({ source, data }: MessageEvent): void => {
    if (this.#frame === undefined || source !== this.#frame.contentWindow) return;
    const { loaded, id, reply } = data as { loaded?: boolean; id?: number; reply?: Reply };
    if (loaded === true) return this.#started?.();
    // What an ended worker has still sent.
    if (id !== this.#id || reply === undefined) return;
    if (reply.type === "ready") return this.#started?.();
    if (reply.type === "loop") {
      this.#line = Number(reply.line);
      return;
    }
    if (reply.type === "alive") {
      this.#watch();
      this.#asked?.alive?.(Number(reply.runs));
      return;
    }
    const asked = this.#settle();
    if (reply.type === "error") {
      const error: Error & { line?: number } = new Error(String(reply.message));
      if (reply.line !== undefined) error.line = Number(reply.line);
      asked?.reject(error);
    } else asked?.resolve(reply);
  };
}
