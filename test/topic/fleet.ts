/** What fault runs have in common: processes that work, each with a way of its own to the server, and what happens to them. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { time } from "gocsp";
import type { Chance } from "../../src/sql/drivertest/chance.ts";
import { type Proxy, startProxy } from "../sql/servers/proxy.ts";

/** A server, of whatever engine. */
export interface Server {
  readonly port: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
  freeze(frozen: boolean): void;
}

interface Worker {
  readonly gate: Proxy;
  readonly child: ChildProcess;
}

const program = process.env["TOPIC_FAULT_WORKER"] ?? fileURLToPath(new URL("programs/worker.ts", import.meta.url));
/** How wrong the clocks of the workers are, in turn. */
const shifts = [0, 3_600_000, -3_600_000];

/** The processes that work. */
export class Fleet {
  readonly #engine: string;
  readonly #server: Server;
  readonly #lease: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "gocsp-fleet-"));
  #workers: Worker[] = [];
  #started = 0;

  constructor(engine: "postgres" | "jetstream", server: Server, lease: number) {
    this.#engine = engine;
    this.#server = server;
    this.#lease = lease;
  }

  get #ledger(): string {
    return join(this.#folder, "done");
  }

  /** Starts workers; resolves when they say that they are ready. */
  async start(n: number): Promise<void> {
    await Promise.all(Array.from({ length: n }, () => this.#start()));
  }

  async #start(): Promise<void> {
    const gate = await startProxy(this.#server.port);
    const number = ++this.#started;
    const args = [program, this.#engine, String(gate.port), `w${number}`, String(this.#lease), this.#ledger];
    // The engine that has no clock but those of its clients gets right ones.
    const shift = this.#engine === "postgres" ? shifts[number % shifts.length] : 0;
    const env = { ...process.env, CLOCK_SHIFT: String(shift) };
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"], env });
    const worker = { gate, child };
    this.#workers.push(worker);
    const ready = once(child.stdout, "data").then(() => true);
    if (await Promise.race([ready, once(child, "exit").then(() => false)])) return;
    // The server was away: a process manager tries again.
    if (!this.#workers.includes(worker)) return;
    await this.#end(worker, "SIGKILL");
    await this.#start();
  }

  async #end(worker: Worker, signal: NodeJS.Signals): Promise<void> {
    this.#workers = this.#workers.filter((other) => other !== worker);
    const { child, gate } = worker;
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill(signal);
    await exited;
    await gate.stop();
  }

  /** Ends all. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(this.#workers.map((worker) => this.#end(worker, signal)));
  }

  /** Removes what was written down. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What was done in no transaction: how often each, and the highest attempt. */
  done(): Map<number, { times: number; attempt: number }> {
    const done = new Map<number, { times: number; attempt: number }>();
    const lines = existsSync(this.#ledger) ? readFileSync(this.#ledger, "utf8").split("\n") : [];
    for (const line of lines) {
      if (line === "") continue;
      const [n = NaN, attempt = 0] = line.split(" ").map(Number);
      const { times, attempt: highest } = done.get(n) ?? { times: 0, attempt: 0 };
      done.set(n, { times: times + 1, attempt: Math.max(highest, attempt) });
    }
    return done;
  }

  #pick(chance: Chance): Worker {
    return this.#workers[chance.below(this.#workers.length)] as Worker;
  }

  /** The faults, each with what ends it. */
  readonly faults: Record<string, (chance: Chance) => Promise<void>> = {
    "a worker is killed": async (chance) => {
      await this.#end(this.#pick(chance), "SIGKILL");
      await this.#start();
    },
    "all workers are killed": async () => {
      const n = this.#workers.length;
      await this.stop("SIGKILL");
      await this.start(n);
    },
    "a worker is frozen beyond its lease": async (chance) => {
      const { child } = this.#pick(chance);
      child.kill("SIGSTOP");
      await time.sleep(1.5 * this.#lease);
      child.kill("SIGCONT");
    },
    "a worker is frozen for less than its lease": async (chance) => {
      const { child } = this.#pick(chance);
      child.kill("SIGSTOP");
      await time.sleep(chance.below(this.#lease));
      child.kill("SIGCONT");
    },
    "a worker is cut off beyond its lease": async (chance) => {
      const { gate } = this.#pick(chance);
      gate.drop();
      await time.sleep(1.5 * this.#lease);
      gate.heal();
    },
    "ways to the server are cut and heal at random": async (chance) => {
      for (let i = 0; i < 6; i++) {
        const { gate } = this.#pick(chance);
        gate.drop();
        await time.sleep(chance.below(this.#lease / 2));
        if (chance.below(2) === 0) gate.heal();
      }
      for (const { gate } of this.#workers) gate.heal();
    },
    "a worker ends gracefully": async (chance) => {
      await this.#end(this.#pick(chance), "SIGTERM");
      await this.#start();
    },
    "the server is killed": async () => {
      await this.#server.kill();
      await time.sleep(200);
      await this.#server.restart();
    },
    "the server is frozen beyond all leases": async () => {
      this.#server.freeze(true);
      await time.sleep(1.5 * this.#lease);
      this.#server.freeze(false);
    },
  };
}
