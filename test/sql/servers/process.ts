/**
 * Real database servers for tests: each with a data folder of its own in the temporary folder, on loopback, on a free
 * port. Nothing of them is left when the test file ends, however it ends.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server that runs. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** Ends every process of the server with SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Stops it where it is, so that it answers nobody and closes no connection; or lets it go on. */
  freeze(frozen: boolean): void;
  /** Starts it again after `kill`, on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** What is different from one kind of server to the other. */
export interface Recipe {
  readonly name: string;
  /** Who runs it when we are root: database servers refuse to be root themselves. */
  readonly user: string;
  /** Makes the data folder. */
  init(folder: string): string[];
  run(folder: string, port: number): string[];
  /** Connects once; throws as long as the server is not ready. */
  probe(port: number): Promise<void>;
  /** Writes what else the folder needs. */
  prepare(folder: string): void;
}

/** Tells why tests that need a server are skipped, or undefined if they run. Where servers are a must, it throws. */
export function whyNot(name: string, found: boolean): string | undefined {
  if (found) return undefined;
  const reason = `${name} is not installed: its tests are skipped`;
  if (process.env["GOCSP_REQUIRE_SERVERS"] === "1") throw new Error(`${reason}, but GOCSP_REQUIRE_SERVERS=1`);
  console.log(reason);
  return reason;
}

interface Owner {
  uid?: number;
  gid?: number;
}

function ownerFor(user: string): Owner {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith(`${user}:`));
  if (line === undefined) throw new Error(`there is no user ${user} to run the server`);
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** Gives a folder with all that is in it to who runs the server. */
function giveAway(folder: string, { uid, gid }: Owner): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    chownSync(join(folder, name), uid, gid);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Makes a data folder and starts a server on it. */
export async function startServer(recipe: Recipe): Promise<TestServer> {
  const owner = ownerFor(recipe.user);
  const folder = mkdtempSync(join(tmpdir(), `gocsp-${recipe.name}-`));
  giveAway(folder, owner);
  const server = new Running(recipe, folder, owner);
  try {
    const [command = "", ...args] = recipe.init(folder);
    const made = spawnSync(command, args, { ...owner, cwd: folder, encoding: "utf8" });
    if (made.status !== 0)
      throw new Error(`${command} failed: ${made.error?.message ?? ""}${made.stdout}${made.stderr}`);
    recipe.prepare(folder);
    giveAway(folder, owner);
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class Running implements TestServer {
  readonly host = "127.0.0.1";
  port = 0;
  readonly #recipe: Recipe;
  readonly #folder: string;
  readonly #owner: Owner;
  #process: ChildProcess | undefined;
  #output = "";
  readonly #atExit = (): void => {
    for (const pid of this.#pids()) signal(pid, "SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(recipe: Recipe, folder: string, owner: Owner) {
    this.#recipe = recipe;
    this.#folder = folder;
    this.#owner = owner;
    process.once("exit", this.#atExit);
  }

  async start(): Promise<void> {
    // Somebody may take the free port before the server does; and after SIGKILL the system may need a moment until the
    // memory of the old server is free.
    const sameOnly = this.port !== 0;
    for (let attempt = 1; ; attempt++) {
      if (!sameOnly) this.port = await freePort();
      if (await this.#launch()) return;
      if (attempt === 50) throw new Error(`${this.#recipe.name} does not start:\n${this.#output}`);
      if (sameOnly) await pause();
    }
  }

  async #launch(): Promise<boolean> {
    const [command = "", ...args] = this.#recipe.run(this.#folder, this.port);
    const child = spawn(command, args, { ...this.#owner, cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.#output = "";
    child.on("error", (error) => (this.#output += error.message));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => (this.#output = (this.#output + text).slice(-10_000)));
    }
    while (isAlive(child)) {
      try {
        await this.#recipe.probe(this.port);
        return true;
      } catch {
        await pause();
      }
    }
    return false;
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const pids = this.#pids();
    for (const pid of pids) signal(pid, "SIGKILL");
    if (isAlive(child)) await once(child, "exit");
    while (pids.some((pid) => runs(pid))) await pause();
    this.#process = undefined;
  }

  freeze(frozen: boolean): void {
    for (const pid of this.#pids()) signal(pid, frozen ? "SIGSTOP" : "SIGCONT");
  }

  restart(): Promise<void> {
    return this.start();
  }

  async stop(): Promise<void> {
    await this.kill();
    process.removeListener("exit", this.#atExit);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Returns the server's processes, the first one first: it would replace those of its children that die. */
  #pids(): number[] {
    const first = this.#process?.pid;
    if (first === undefined) return [];
    return [first, ...childrenOf(first)];
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Tells whether a process can still hold anything; one that is dead may wait long for somebody to ask for its status. */
function runs(pid: number): boolean {
  const [state = "Z"] = statOf(pid);
  return state !== "Z" && state !== "X";
}

/** Returns what the system tells about a process, from its state on; nothing if there is no such process. */
function statOf(pid: number): string[] {
  try {
    // The command's name, in parentheses, may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Waits a moment before asking again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
