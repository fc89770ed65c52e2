/**
 * The report of every goroutine: its state, where it is parked, where it was started. Loaded only when it is asked for.
 *
 * Places are not recorded while the program runs. Each parked operation is resumed with the promise of a *probe*. When
 * the probe runs, the engine's async stack names every function that awaits the operation. The probe returns a new
 * promise, on which the goroutine stays parked.
 *
 * The same stack identifies the goroutine: see `identify.ts`.
 */

import { gather, identify } from "./identify.ts";
import type { WaitState } from "./hooks.ts";
import { placeLines } from "./place.ts";
import { type Frame, frameLines, frames, stackHere, usersOnly } from "./stack.ts";
import { live } from "./live.ts";
import { type Goroutine, program } from "./program.ts";
import { forEachParked } from "./sites.ts";
import type { Parked } from "./waiter.ts";

/** How many operations are probed at most; a longer report would not help. */
const limit = 1000;

interface Found {
  state: WaitState;
  frames: Frame[];
  /** Undefined if no goroutine awaits the operation. */
  goroutine: Goroutine | undefined;
}

/** Where a goroutine is: one that waits in several operations at once has several of these. */
export interface Position {
  /** 1 for a module that waits at its top level; undefined if it is not known which goroutine it is. */
  readonly id: number | undefined;
  readonly state: WaitState;
  /** The innermost first. */
  readonly frames: readonly Frame[];
  readonly goroutine: Goroutine | undefined;
}

/** Returns where all goroutines are, main first, those that cannot be told last. So many operations are probed. */
export async function positions(most: number = limit): Promise<readonly Position[]> {
  const goroutines = [...live].sort((a, b) => a.id - b.id);
  gather(goroutines);
  const found = await probeAll(most);

  const all: Position[] = [];
  if (program.main === "module") {
    for (const { state, frames } of found.filter(isOfModule)) {
      all.push({ id: 1, state, frames: named(frames), goroutine: undefined });
    }
    if (all.length === 0) all.push({ id: 1, state: "await", frames: [], goroutine: undefined });
  }
  const byGoroutine = new Map<Goroutine | undefined, Found[]>();
  for (const one of found) {
    const others = byGoroutine.get(one.goroutine);
    if (others === undefined) byGoroutine.set(one.goroutine, [one]);
    else others.push(one);
  }
  for (const goroutine of goroutines) {
    const own = byGoroutine.get(goroutine) ?? [{ state: "await", frames: [] }];
    for (const { state, frames } of own) all.push({ id: goroutine.id, state, frames, goroutine });
  }
  for (const operation of byGoroutine.get(undefined) ?? []) {
    // An async function that no goroutine waits for; or the engine's stacks do not tell.
    if (!isOfModule(operation)) all.push({ ...operation, id: undefined });
  }
  return all;
}

/** Returns the report's text: one paragraph for each goroutine, main first, without the line that says why. */
export async function goroutineReport(): Promise<string> {
  const all = await positions();
  const numbers = [...new Set(all.flatMap(({ goroutine }) => goroutine?.id ?? []))];
  const shown = new Set(numbers.slice(0, limit));
  const paragraphs = all
    .filter(({ goroutine }) => goroutine === undefined || shown.has(goroutine.id))
    .map(({ id, state, frames, goroutine }) =>
      id === undefined
        ? `... and [${state}] in none of these, or in an unknown one:\n${frames.map(frameLines).join("")}`
        : paragraph(id, state, frames, goroutine),
    );
  if (numbers.length > limit) paragraphs.push(`... and ${numbers.length - limit} more goroutines\n`);
  return paragraphs.join("\n");
}

/** A module's own frame has no function name, and nothing awaits a module that could be seen. */
function isOfModule({ goroutine, frames }: Found): boolean {
  return program.main === "module" && goroutine === undefined && frames.at(-1)?.name === "";
}

function named(stack: Frame[]): Frame[] {
  return stack.map((frame, index) => (index === stack.length - 1 ? { name: "main", at: frame.at } : frame));
}

function paragraph(id: number, state: WaitState, stack: readonly Frame[], goroutine: Goroutine | undefined): string {
  const lines = stack.map(frameLines).join("");
  // Main has no line "created by".
  const started = id === 1 ? "" : placeLines(goroutine?.place);
  const unknown = goroutine !== undefined && goroutine.id !== 1 && started === "";
  return `goroutine ${id} [${state}]:\n${lines}${started}${unknown ? "created by go\n\t(place not recorded)\n" : ""}`;
}

async function probeAll(most: number): Promise<Found[]> {
  const states = new Map<Parked, WaitState>();
  forEachParked((parked, state) => {
    if (states.size < most) states.set(parked, state);
  });
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const stacks = [...states].map(([parked, state]) =>
    probe(parked, gate).then((stack): Found => ({ state, ...locate(frames(stack)) })),
  );
  // A promise that was resolved with another one is tied to it in a microtask of its own. Only a tied chain shows in
  // the stack.
  for (let ticks = 0; ticks < 3; ticks++) await undefined;
  open();
  return Promise.all(stacks);
}

function probe(parked: Parked, gate: Promise<void>): Promise<string> {
  const resume = parked.resume as (result: unknown) => void;
  // From here on it is parked on this promise: a partner that comes while the probe is on its way finds it there.
  const stillParked = new Promise((resolve) => (parked.resume = resolve));
  return new Promise((done) => {
    resume(
      gate.then(function gocspProbe() {
        done(stackHere(200));
        return stillParked;
      }),
    );
  });
}

/** Returns the user's frames above a probe, and the goroutine. */
function locate(stack: Frame[]): Pick<Found, "frames" | "goroutine"> {
  const own = stack.findIndex(({ name }) => name.endsWith("gocspProbe"));
  const { frames, goroutine } = identify(stack.slice(own + 1));
  return { frames: usersOnly(frames), goroutine };
}
