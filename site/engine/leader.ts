/** Runs a program on a Session, step by step, and writes down what happened: for a worker, and for tests without one. */

import { Session } from "gocsp/explore";
import { type Event, transcript } from "gocsp/trace";
import { file } from "./compile.ts";
import { inspect } from "./inspect.ts";
import { type Choice, type Entry, maxEvents, type Outcome, type Recording, type Step } from "./protocol.ts";

export interface Lead {
  readonly seed: number;
  readonly token?: string;
  readonly slow?: boolean;
}

// Captured before a run replaces it: its own follows the virtual clock.
const now = performance.now.bind(performance);

export class Leader {
  readonly #alive: (steps: number) => void;
  #session: Session | undefined;
  #entries: Entry[] = [];
  #steps: { at: number; choices: Choice[] }[] = [];
  #seed = 0;
  #limited = false;

  readonly #lines: boolean;

  /** `alive` is called now and then while a long run goes on. `lines`: whether events have their lines. */
  constructor(alive: (steps: number) => void = () => undefined, lines = true) {
    this.#alive = alive;
    this.#lines = lines;
  }

  /** How many events there are. */
  get recorded(): number {
    return this.#session?.recorded ?? 0;
  }

  /** Starts a program, and stops before its first step. */
  async begin(f: () => unknown, { seed, token, slow }: Lead): Promise<void> {
    await this.stop();
    this.#seed = seed;
    this.#session = new Session(f, {
      seed,
      maxSteps: 2 * maxEvents,
      lines: this.#lines,
      // The schedule of a slow machine is one only there.
      slow: slow === true || token?.includes(".slow-") === true,
      ...(token === undefined ? {} : { token }),
    });
    await this.#session.start();
    this.#take();
  }

  /** Ends the run where it is, and forgets it: others may begin. */
  async stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#entries = [];
    this.#steps = [];
    this.#limited = false;
    await session?.stop();
  }

  /** Lets one go on: the one that is chosen, or the one that the token says, or the first. */
  async step(choice?: number): Promise<void> {
    const session = this.#session;
    if (session === undefined || session.outcome !== undefined) return;
    const { recorded: at } = session;
    const choices = choicesOf(session).slice(0, maxKept);
    await session.step(choices.length > 1 ? choice : undefined);
    // A list of all events is made to see the new ones: with many, not each time.
    if (session.recorded < 2000 || session.outcome !== undefined || session.recorded - this.#entries.length > 500) {
      this.#take();
    }
    this.#steps.push({ at, choices });
  }

  /** Goes on to the end, with an order that the seed decides, or as the token says. */
  async runToEnd({ seed, token }: Lead): Promise<void> {
    const random = token === undefined ? randomOf(seed) : undefined;
    const tell = this.#teller();
    let last = 0;
    const session = this.#session;
    if (session === undefined) return;
    for (;;) {
      if (session.outcome !== undefined) break;
      if (session.recorded >= maxEvents) {
        this.#limited = true;
        break;
      }
      const { choices } = session;
      if (choices.length > maxReady) {
        this.#limited = true;
        break;
      }
      let choice: number | undefined;
      if (random !== undefined && choices.length > 1) {
        // Whoever runs goes on more often than not, as in a real run.
        const stays = choices[0]?.goroutine === last && random() < 0.5;
        choice = stays ? 0 : Math.floor(random() * choices.length);
      }
      last = choices[choice ?? 0]?.goroutine ?? 0;
      await this.step(choice);
      tell(this.#steps.length);
    }
    this.#take();
  }

  /** Makes so many steps as the token says: a long way is made with signs of life. */
  async advance(steps: number): Promise<void> {
    const tell = this.#teller();
    for (let made = 0; made < steps && this.#session?.outcome === undefined; made++) {
      await this.step();
      tell(made + 1);
    }
  }

  /** Goes back to where so many steps were made. The run begins anew, in slices: a long way is made with signs of life. */
  async goTo(position: number): Promise<void> {
    const tell = this.#teller();
    for (let at = 0; ; at += slice) {
      const next = Math.min(at, position);
      await this.#session?.goTo(next);
      tell(next);
      if (next === position) break;
    }
    this.#steps = this.#steps.slice(0, position);
    this.#entries = [];
    this.#limited = false;
    this.#take();
  }

  /** Returns what tells now and then that the run goes on. */
  #teller(): (steps: number) => void {
    let told = now();
    return (steps) => {
      if (now() - told <= 200) return;
      told = now();
      this.#alive(steps);
    };
  }

  get recording(): Recording {
    const session = this.#session;
    return {
      entries: this.#entries.slice(0, maxEvents),
      steps: this.#withWent(),
      choices: session === undefined ? [] : choicesOf(session),
      outcome: this.#outcome(),
      token: session?.token ?? "",
      seed: this.#seed,
      time: session?.time ?? 0,
    };
  }

  /** Writes down the new events: at once, because values may change later. */
  #take(): void {
    const session = this.#session;
    if (session === undefined || session.recorded === this.#entries.length) return;
    for (const event of session.events.slice(this.#entries.length)) this.#entries.push(entryOf(event));
  }

  /** Who went on in each step is in the log: at each change of goroutines there is an event. */
  #withWent(): Step[] {
    let went = 0;
    return this.#steps.map((step, i) => {
      const end = this.#steps[i + 1]?.at ?? this.#entries.length;
      for (let at = step.at; at < end; at++) {
        const entry = this.#entries[at] as Entry;
        if (entry.kind !== "step") break;
        if (entry.detail !== "left") went = entry.goroutine;
      }
      return { ...step, went };
    });
  }

  #outcome(): Outcome | undefined {
    if (this.#limited) {
      const crowded = this.recorded < maxEvents;
      const message = crowded
        ? `stopped: more than ${maxReady} goroutines could go on, and a page shows no more. Does the program end?`
        : `stopped after ${maxEvents} events: a page shows no more. Does the program end?`;
      return { kind: "limit", message, report: "" };
    }
    const ended = this.#session?.outcome;
    if (ended === undefined) return undefined;
    const { kind, error, report } = ended;
    const message = {
      returned: "main has returned",
      panic: `panic: ${error instanceof Error ? String(error) : inspect(error)}`,
      deadlock: "deadlock: all goroutines are asleep",
      leak: "leak: goroutines are left that will never go on",
      livelock: "livelock: the run does not end",
    }[kind];
    return { kind, message, report };
  }
}

/** A run in which more goroutines could go on is stopped. */
const maxReady = 2000;

/** So many steps are made anew before the next sign of life may be given. */
const slice = 500;

/** So many of the choices of a step are written down. */
const maxKept = 64;

function choicesOf({ choices }: Session): Choice[] {
  return choices.map(({ goroutine, why }) => ({ goroutine, why }));
}

const throwsAt = new RegExp(`\\b${file.replace(".", "\\.")}:\\d+`);

function entryOf(event: Event): Entry {
  const { kind, time, goroutine, on, peer, value, detail, cases } = event;
  // Where a panic was thrown its stack tells.
  const thrown = kind === "panic" && value instanceof Error ? throwsAt.exec(value.stack ?? "")?.[0] : undefined;
  const place = thrown ?? event.line?.toString() ?? "";
  const [, at = 0] = place.startsWith(`${file}:`) ? place.split(":") : [];
  const [sentence = ""] = transcript([{ ...event, line: undefined }]);
  return {
    kind,
    time,
    goroutine,
    line: Number(at),
    on,
    peer,
    value: value === undefined ? undefined : kind === "derive" ? (value as string) : short(value),
    detail,
    cases: cases?.map(({ name, on, sends, value, ready }) => {
      return { name, on, sends, ready, value: value === undefined ? undefined : short(value) };
    }),
    sentence,
  };
}

function short(value: unknown): string {
  let text: string;
  try {
    text = value instanceof Error ? value.message : inspect(value).replace(/\s+/g, " ");
  } catch {
    text = "?";
  }
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
