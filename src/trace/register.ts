/**
 * Records a program without a change of it: `node --import gocsp/trace/register program.ts`.
 *
 * `GOCSP_TRACE` is the file that is written when the program ends, also after a panic or a deadlock; `trace.json` if it is
 * not set. A name that ends in `.txt` gets sentences, any other a trace for Perfetto. `GOCSP_TRACE_FLIGHT` keeps only the
 * events of the last so many milliseconds. `GOCSP_TRACE_SIGNAL`, such as `SIGUSR2`, writes the file whenever the signal
 * comes. `GOCSP_TRACE_LINES=1` records the line of each event.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import process from "node:process";
import { chrome, FlightRecorder, transcript } from "./trace.ts";

const { GOCSP_TRACE: file = "trace.json", GOCSP_TRACE_FLIGHT: flight, GOCSP_TRACE_SIGNAL: signal } = process.env;

const minAge = flight === undefined ? Infinity : Number(flight);
if (!(minAge >= 0)) throw new RangeError(`GOCSP_TRACE_FLIGHT must be a number of milliseconds, got ${flight}`);
const recorder = new FlightRecorder({ minAge, limit: 1_000_000, lines: process.env["GOCSP_TRACE_LINES"] === "1" });
recorder.start();

function write(): void {
  const events = recorder.events();
  writeFileSync(file, file.endsWith(".txt") ? `${transcript(events).join("\n")}\n` : JSON.stringify(chrome(events)));
}

process.on("exit", write);
if (signal !== undefined) process.on(signal, write);
