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

/** Returns the report's text: one paragraph for each goroutine, main first, without the line for the error. */
export async function goroutineReport(): Promise<string> {
  const goroutines = [...live].sort((a, b) => a.id - b.id);
  gather(goroutines);
  const found = await probeAll();

  const paragraphs: string[] = [];
  if (program.main === "module") {
    for (const { state, frames } of found.filter(isOfModule))
      paragraphs.push(paragraph(1, state, named(frames), undefined));
    if (paragraphs.length === 0) paragraphs.push(paragraph(1, "await", [], undefined));
  }
  for (const goroutine of goroutines.slice(0, limit)) {
    const own = found.filter((operation) => operation.goroutine === goroutine);
    if (own.length === 0) own.push({ state: "await", frames: [], goroutine });
    for (const { state, frames } of own) paragraphs.push(paragraph(goroutine.id, state, frames, goroutine));
  }
  for (const { state, frames } of found.filter(
    (operation) => operation.goroutine === undefined && !isOfModule(operation),
  )) {
    // An async function that no goroutine awaits, or one whose goroutine the engine's stacks do not show.
    paragraphs.push(`... and [${state}] in none of these, or in an unknown one:\n${frames.map(frameLines).join("")}`);
  }
  if (goroutines.length > limit) paragraphs.push(`... and ${goroutines.length - limit} more goroutines\n`);
  return paragraphs.join("\n");
}

/** Tells whether a module itself waits: its frame has no function name, and no function awaits it. */
function isOfModule({ goroutine, frames }: Found): boolean {
  return program.main === "module" && goroutine === undefined && frames.at(-1)?.name === "";
}

function named(stack: Frame[]): Frame[] {
  return stack.map((frame, index) => (index === stack.length - 1 ? { name: "main", at: frame.at } : frame));
}

function paragraph(id: number, state: WaitState, stack: Frame[], goroutine: Goroutine | undefined): string {
  const lines = stack.map(frameLines).join("");
  // Main has no line "created by".
  const started = id === 1 ? "" : placeLines(goroutine?.place);
  const unknown = goroutine !== undefined && goroutine.id !== 1 && started === "";
  return `goroutine ${id} [${state}]:\n${lines}${started}${unknown ? "created by go\n\t(place not recorded)\n" : ""}`;
}

async function probeAll(): Promise<Found[]> {
  const states = new Map<Parked, WaitState>();
  forEachParked((parked, state) => {
    if (states.size < limit) states.set(parked, state);
  });
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const stacks = [...states].map(([parked, state]) =>
    probe(parked, gate).then((stack): Found => ({ state, ...locate(frames(stack)) })),
  );
  // A promise that is resolved with another one is linked to it in a later microtask. The stack shows linked promises
  // only.
  for (let ticks = 0; ticks < 3; ticks++) await undefined;
  open();
  return Promise.all(stacks);
}

function probe(parked: Parked, gate: Promise<void>): Promise<string> {
  const resume = parked.resume as (result: unknown) => void;
  // From here on the operation is parked on this promise: a partner that comes before the probe runs resolves it.
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
