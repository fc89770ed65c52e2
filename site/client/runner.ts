/** What a player shows: a recording, a position in it, and what the engine is asked for. */

import { computed, nextTick, onBeforeUnmount, reactive, ref, watch, type ComputedRef } from "vue";
import type { Check } from "../content/types.ts";
import type { Explored, Recording, Reply, Request } from "../engine/protocol.ts";
import { decisive, type Layout, layOut, nextPosition, previousPosition } from "../model/lanes.ts";
import { type Names, namesOf, told } from "../model/names.ts";
import { type Users, usersOf } from "../model/waits.ts";
import { History, type World } from "../model/world.ts";
import { GivenUp, Sandbox, Unresponsive } from "./sandbox.ts";

export interface RunnerState {
  source: string;
  recording: Recording | undefined;
  /** How many events of the recording are shown. */
  position: number;
  playing: boolean;
  /** Whether one position follows another without a pause. */
  scrubbing: boolean;
  speed: number;
  seed: number;
  pinned: boolean;
  busy: boolean;
  /** Whether the player chooses who goes on. */
  leading: boolean;
  error: string;
  errorLine: number;
  /** How many schedules have been looked at, while that goes on. */
  exploring: number | undefined;
  explored: Explored | undefined;
  /** The line that the pointer is on. */
  hovered: number;
  /** The event of a led run whose line is shown, counted from 1; 0 for the one that was last. */
  looked: number;
}

/** What can be done now. Until a run that is led has ended its position is its end: choices move it, and what undoes them. */
export interface May {
  readonly run: boolean;
  readonly start: boolean;
  readonly back: boolean;
  readonly play: boolean;
  readonly step: boolean;
  readonly scrub: boolean;
}

export interface Runner {
  readonly state: RunnerState;
  readonly world: ComputedRef<World>;
  /** The world at another position. */
  readonly worldAt: (position: number) => World;
  readonly names: ComputedRef<Names>;
  /** Of the whole recording. */
  readonly layout: ComputedRef<Layout>;
  readonly users: ComputedRef<Users>;
  readonly decisive: ComputedRef<readonly number[]>;
  /** The line of the event that was shown last. */
  readonly line: ComputedRef<number>;
  /** Tells an event with the names of the program. */
  readonly tell: (at: number) => string;
  /** What a button does, and its key: only what is offered is done. */
  readonly may: ComputedRef<May>;
  readonly run: (token?: string) => Promise<void>;
  /** Plays a run that was recorded before. */
  readonly replay: (recording: Recording) => void;
  readonly play: () => void;
  readonly pause: () => void;
  readonly step: () => void;
  readonly back: () => void;
  readonly goTo: (position: number) => void;
  readonly lead: () => Promise<void>;
  readonly choose: (choice: number) => Promise<void>;
  readonly undo: () => Promise<void>;
  readonly explore: (options: {
    all: boolean;
    runs: number;
    check?: Check | undefined;
    slow?: boolean;
  }) => Promise<Explored | undefined>;
  readonly stop: () => void;
  /** Takes another program. What is known of the one before is forgotten, and what is asked about it is given up. */
  readonly reset: (source: string) => void;
  readonly prepare: () => void;
}

/** Events in a second at speed 1. */
const pace = 5;

/** Positions that follow each other within so many milliseconds are one movement. */
const pauseOfScrub = 120;

const empty: Recording["entries"] = [];

const texts = new Map<string, Promise<string>>();

/** Loads the text of a worker once. */
function engineText(url: string): Promise<string> {
  let text = texts.get(url);
  if (text === undefined) {
    text = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`the engine could not be loaded: ${response.status}`);
      return response.text();
    });
    text.catch(() => texts.delete(url));
    texts.set(url, text);
  }
  return text;
}

/** Programs that import more than the core get the larger worker. */
const core = /^gocsp(\/(chan|context|errgroup|errors|rate|runtime|select|semaphore|singleflight|stream|sync|time))?$/;

/** Returns what is told of an error, and its line. The editor's parser knows better where a fault of syntax is. */
async function blamed(error: Error, source: string | undefined): Promise<Pick<RunnerState, "error" | "errorLine">> {
  const { message } = error;
  const line = (error as { line?: number }).line ?? Number(/^line (\d+)/.exec(message)?.[1] ?? 0);
  if (line > 0 && source !== undefined && !(error instanceof Unresponsive)) {
    // Without a network it may not come.
    const syntax = await import("./syntax.ts").catch(() => undefined);
    const faulty = syntax?.faultyLine(source) ?? 0;
    if (faulty > 0) {
      return { error: `line ${faulty}: a fault of syntax: ${message.replace(/^line \d+: /, "")}`, errorLine: faulty };
    }
  }
  return { error: message, errorLine: line };
}

export function useRunner(
  base: string,
  options: { slow?: () => boolean; check?: () => Check | undefined } = {},
): Runner {
  const state: RunnerState = reactive({
    source: "",
    recording: undefined,
    position: 0,
    playing: false,
    scrubbing: false,
    speed: 1,
    seed: 0,
    pinned: false,
    busy: false,
    leading: false,
    error: "",
    errorLine: 0,
    exploring: undefined,
    explored: undefined,
    hovered: 0,
    looked: 0,
  });
  const engineOf = (source: string): Promise<string> => {
    const imports = [...source.matchAll(/\bfrom\s*["'](gocsp[^"']*)["']/g)].map(([, name]) => name as string);
    return engineText(`${base}${imports.every((name) => core.test(name)) ? "engine" : "engine-all"}.js`);
  };
  let sandbox: Sandbox | undefined;
  const box = (): Sandbox => (sandbox ??= new Sandbox(engineOf));
  onBeforeUnmount(() => {
    state.playing = false;
    // One that is closed stays closed: whoever still asks is told that it is given up.
    box().close();
  });

  const order = () => {
    const slow = options.slow?.() === true;
    return { source: state.source, ...(slow ? { slow } : {}) };
  };

  /** Who has asked by key keeps the focus: a button that is not offered for a moment loses it. */
  let focused: Element | null = null;
  const keepFocus = (): void => {
    if (document.activeElement !== document.body) focused = document.activeElement;
  };
  const giveFocus = async (): Promise<void> => {
    await nextTick();
    const [before, player] = [focused, focused?.closest<HTMLElement>(".player")];
    if (state.busy) return;
    focused = null;
    if (before === null || document.activeElement !== document.body) return;
    // Its place may be gone with what it has chosen.
    for (const one of [before, player]) {
      if (!(one instanceof HTMLElement) || !one.isConnected) continue;
      one.focus({ preventScroll: true });
      if (document.activeElement === one) return;
    }
  };

  /** Counts what was asked: the end of what was given up says nothing about what came after it. */
  let asked = 0;
  /** Asks the engine; an error becomes the player's. */
  const ask = async (request: Request, alive?: (runs: number) => void): Promise<Reply | undefined> => {
    const mine = ++asked;
    keepFocus();
    state.busy = true;
    state.exploring = request.type === "explore" ? 0 : undefined;
    state.error = "";
    state.errorLine = 0;
    try {
      const reply = await box().ask(request, alive);
      return mine === asked ? reply : undefined;
    } catch (error) {
      if (mine !== asked) return undefined;
      if (error instanceof GivenUp) {
        // The worker that was led is gone.
        state.leading = false;
        return undefined;
      }
      const told = await blamed(error as Error, "source" in request ? request.source : undefined);
      // Both at once: nobody reads a line that is corrected a moment later.
      if (mine === asked) Object.assign(state, told, { leading: false });
      return undefined;
    } finally {
      if (mine === asked) {
        state.busy = false;
        state.exploring = undefined;
        void giveFocus();
      }
    }
  };

  const take = (recording: Recording, position = recording.entries.length): void => {
    state.scrubbing = false;
    // Nothing of it ever changes: it need not be watched.
    state.recording = Object.freeze(recording);
    state.looked = 0;
    state.position = Math.min(position, recording.entries.length);
  };
  const show = (reply: Reply | undefined, position?: number): boolean => {
    if (reply?.type !== "recording") return false;
    take(reply.recording, position);
    return true;
  };

  const entries = (): Recording["entries"] => state.recording?.entries ?? empty;

  const isLed = (): boolean => state.leading && state.recording?.outcome === undefined;

  let frame = 0;
  let last = 0;
  let owed = 0;
  const tick = (time: number): void => {
    if (!state.playing) return;
    owed += (Math.min(time - last, 250) / 1000) * pace * state.speed;
    last = time;
    while (owed >= 1) {
      owed--;
      state.position = nextPosition(entries(), state.position);
    }
    if (state.position >= entries().length) state.playing = false;
    else frame = requestAnimationFrame(tick);
  };
  const play = (): void => {
    if (state.recording === undefined || isLed()) return;
    if (state.position >= entries().length) state.position = 0;
    cancelAnimationFrame(frame);
    state.playing = true;
    last = performance.now();
    owed = 1;
    frame = requestAnimationFrame(tick);
  };
  const pause = (): void => {
    state.playing = false;
  };

  const stop = (): void => {
    pause();
    asked++;
    sandbox?.stop(new GivenUp());
    state.exploring = undefined;
    // The worker that was led is gone.
    state.leading = false;
    state.busy = false;
  };

  const history = computed(() => new History(entries()));
  const world = computed(() => history.value.at(state.position));
  const names = computed(() => namesOf(entries(), state.source));
  /** The sentences that were told, by event: they are the same until another run comes. */
  const sentences = computed((): { readonly names: Names; readonly told: (string | undefined)[] } => ({
    names: names.value,
    told: [],
  }));

  let moved = -Infinity;
  let settles: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    clearTimeout(settles);
    state.scrubbing = false;
  };
  const scrub = (): void => {
    clearTimeout(settles);
    const now = performance.now();
    state.scrubbing = now - moved < pauseOfScrub;
    moved = now;
    if (state.scrubbing) settles = setTimeout(settle, pauseOfScrub);
  };
  onBeforeUnmount(settle);

  return {
    state,
    world,
    worldAt: (position) => history.value.at(position),
    names,
    layout: computed(() => layOut(entries())),
    users: computed(() => usersOf(entries())),
    decisive: computed(() => decisive(entries())),
    line: computed(() => {
      const at = state.looked > 0 ? state.looked : state.position;
      const entry = entries()[at - 1];
      if (entry === undefined) return 0;
      if (entry.line > 0) return entry.line;
      return (state.looked > 0 ? history.value.at(at) : world.value).goroutines.get(entry.goroutine)?.line ?? 0;
    }),
    tell(at) {
      const entry = entries()[at];
      const { names, told: known } = sentences.value;
      return entry === undefined ? "" : (known[at] ??= told(entry.sentence, entry, names));
    },
    may: computed(() => {
      const { recording, position, busy } = state;
      const length = recording?.entries.length ?? 0;
      const free = !isLed() && length > 0;
      return {
        run: !busy,
        start: free && position > 0,
        back: position > 0 && !busy,
        play: free,
        step: free && position < length,
        scrub: free,
      };
    }),
    play,
    pause,
    async run(token) {
      pause();
      state.leading = false;
      if (!state.pinned) state.seed = Math.floor(Math.random() * 100_000);
      // A field that was emptied holds a text.
      const seed = Number(state.seed) || 0;
      const reply = await ask({ type: "run", seed, ...(token === undefined ? {} : { token }), ...order() });
      if (show(reply, 0)) play();
    },
    replay(recording) {
      stop();
      state.seed = recording.seed;
      take(recording, 0);
      play();
    },
    step() {
      if (isLed()) return;
      pause();
      settle();
      state.position = nextPosition(entries(), state.position);
    },
    back() {
      if (isLed()) return;
      pause();
      settle();
      state.position = previousPosition(entries(), state.position);
    },
    goTo(position) {
      const to = Math.max(0, Math.min(Math.round(position), entries().length));
      if (isLed()) {
        state.looked = to;
        return;
      }
      pause();
      scrub();
      state.position = to;
    },
    async lead() {
      // Who is led answers one question at a time: another one would end the worker, and the run with it.
      if (state.busy) return;
      pause();
      const { recording, position, seed } = state;
      // From here on: what has been seen so far stays as it was.
      const made = recording?.steps.filter(({ at }) => at < position).length ?? 0;
      const token = recording?.token;
      const from = made === 0 || token === undefined ? {} : { token, position: made };
      const reply = await ask({ type: "lead", seed: recording?.seed ?? (Number(seed) || 0), ...from, ...order() });
      if (show(reply)) state.leading = true;
    },
    async choose(choice) {
      if (state.busy) return;
      show(await ask({ type: "choose", choice }));
    },
    async undo() {
      if (state.busy) return;
      const steps = state.recording?.steps.length ?? 0;
      if (steps > 0) show(await ask({ type: "goTo", position: steps - 1 }));
    },
    async explore({ all, runs, check, slow }) {
      pause();
      state.leading = false;
      state.explored = undefined;
      const seed = Math.floor(Math.random() * 2 ** 31);
      const wanted = { ...order(), ...(slow === undefined ? {} : { slow }), ...(check === undefined ? {} : { check }) };
      const reply = await ask({ type: "explore", all, runs, seed, ...wanted }, (count) => (state.exploring = count));
      if (reply?.type !== "explored") return undefined;
      state.explored = reply.explored;
      return reply.explored;
    },
    stop,
    reset(source) {
      if (state.busy) stop();
      pause();
      // The worker may still hold a run that was led: nobody asks for it any more.
      Object.assign(state, { source, recording: undefined, position: 0, explored: undefined, leading: false });
      Object.assign(state, { error: "", errorLine: 0, looked: 0 });
    },
    prepare() {
      // It is needed soon. If it fails it is tried again then, and told.
      box()
        .prepare(state.source)
        .catch(() => undefined);
    },
  };
}

/** What a view is given: while nobody sees it, it stays behind a movement, and is where the player is when that has ended. */
export function followed(runner: Runner, isSeen: () => boolean): Runner {
  const { state: own } = runner;
  const position = ref(own.position);
  watch(
    [() => own.position, () => own.recording, () => own.playing || own.scrubbing, isSeen],
    ([now, , moves, seen]) => {
      if (seen || !moves) position.value = now;
    },
    { flush: "sync" },
  );
  const state = new Proxy(own, {
    get: (of, name) => (name === "position" ? position.value : (Reflect.get(of, name) as unknown)),
  });
  const world = computed(() => (position.value === own.position ? runner.world.value : runner.worldAt(position.value)));
  return { ...runner, state, world };
}
