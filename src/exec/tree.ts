/**
 * A process and its descendants: finds them, sends them signals, and tells whether any is left.
 *
 * A command has a session and a process group of its own, so one call reaches all of its processes. Shells with job
 * control and programs that call `setpgid` or `setsid` leave the group; on Linux they are found by their session and by
 * their parents. A process that leaves the session and then loses its parent is found only if it was seen before:
 * daemons do that on purpose, and outlive the command.
 */

import type { Signal } from "../signal/process.ts";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The fields of `/proc/…/stat` that are used. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it was started: two processes with the same number differ in it. */
  readonly since: string;
}

const { platform } = process;

/** Whether the processes of this machine can be listed. Deno lets only programs that may do everything read `/proc`. */
const seesAll: boolean = platform === "linux" && canRead();

function canRead(): boolean {
  try {
    return readdirSync("/proc").length > 0 && readFileSync("/proc/self/stat", "latin1") !== "";
  } catch {
    return false;
  }
}

/** A process and its descendants. */
export class ProcessTree {
  readonly #root: number;
  /** Whether the root has a session and a group of its own, which have its number. */
  readonly #ownGroup: boolean;
  /** Set when the host has reaped the root: from then on its number may belong to another process. */
  #isRootGone = false;
  #isGroupGone = false;
  /** The processes found so far, with their start times, by number: they stay ours when they lose their parents. */
  #known = new Map<number, string>();

  constructor(root: number, ownGroup: boolean) {
    this.#root = root;
    this.#ownGroup = ownGroup;
  }

  /** Records that the root has exited and was reaped. */
  rootIsGone(): void {
    this.#isRootGone = true;
  }

  /** Sends a signal to all of them; returns false if there is none. */
  signal(signal: Signal): boolean {
    if (platform === "win32") return this.#isRootGone ? false : taskkill(this.#root, signal === "SIGKILL");
    const isInGroup = ({ group }: Stat): boolean => this.#ownGroup && group === this.#root;
    // Recorded before their parents end: a process that leaves the session then could no longer be found.
    const before = this.#find();
    // One call for the group, which also reaches a process that is just being forked.
    let found = this.#hasGroup() && send(-this.#root, signal);
    // Others may have forked meanwhile.
    const others = before.every(isInGroup) ? [] : this.#find();
    for (const stat of others) {
      if (!isInGroup(stat)) found = send(stat.pid, signal) || found;
    }
    return found;
  }

  /**
   * Kills all of them; returns false if there was none. On Linux they are stopped first: a stopped process cannot fork,
   * so in the end no process is left unseen.
   */
  kill(): boolean {
    if (seesAll) {
      const stopped = new Set<number>();
      // A process that forks and exits while the list is read hides its child, so two readings in a row must find
      // nothing new.
      for (let quiet = 0, round = 0; quiet < 2 && round < 100; round++) {
        quiet++;
        for (const { pid } of this.#find()) {
          if (stopped.has(pid)) continue;
          quiet = 0;
          stopped.add(pid);
          send(pid, "SIGSTOP");
        }
      }
    }
    return this.signal("SIGKILL");
  }

  /**
   * Tells whether none is left but zombies, which have ended and are not reaped yet. A quick look takes zombies for alive,
   * and costs a thousandth of reading the list of all processes.
   */
  isGone(quick = false): boolean {
    if (quick && this.#hasGroup()) return false;
    if (seesAll) return this.#find().length === 0;
    return platform === "win32" || !this.#ownGroup ? this.#isRootGone : !this.#hasGroup();
  }

  /**
   * Tells whether the group has members, zombies included. Once it has none, its number may belong to another group.
   */
  #hasGroup(): boolean {
    if (!this.#ownGroup || this.#isGroupGone) return false;
    this.#isGroupGone = !send(-this.#root, 0);
    return !this.#isGroupGone;
  }

  /** Returns the processes that are alive; the root alone where not all can be seen. */
  #find(): Stat[] {
    if (!seesAll) {
      const alive = !this.#isRootGone && send(this.#root, 0);
      return alive ? [{ pid: this.#root, parent: 0, group: this.#root, session: this.#root, since: "" }] : [];
    }
    let found = this.#look();
    // Reading the list takes time, and can miss a process. The check of the group is atomic.
    for (let i = 0; found.length === 0 && i < 5 && this.#hasGroup(); i++) found = this.#look();
    return found;
  }

  #look(): Stat[] {
    const all = processes();
    const members = new Map<number, Stat>();
    for (const stat of all) if (this.#isOurs(stat)) members.set(stat.pid, stat);
    for (let grown = true; grown;) {
      grown = false;
      for (const stat of all) {
        if (members.has(stat.pid) || !members.has(stat.parent)) continue;
        members.set(stat.pid, stat);
        grown = true;
      }
    }
    this.#known = new Map(Array.from(members.values(), ({ pid, since }) => [pid, since]));
    return [...members.values()];
  }

  #isOurs({ pid, group, session, since }: Stat): boolean {
    if (this.#known.get(pid) === since) return true;
    if (this.#ownGroup && (group === this.#root || session === this.#root)) return true;
    return pid === this.#root && !this.#isRootGone;
  }
}

/** Returns all processes of this machine but zombies. */
function processes(): Stat[] {
  const found: Stat[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let text: string;
    try {
      text = readFileSync(`/proc/${name}/stat`, "latin1");
    } catch {
      // The process has ended meanwhile.
      continue;
    }
    // The second field is the program's name in parentheses, and may have spaces and parentheses in it.
    const [state = "", parent, group, session, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") continue;
    found.push({
      pid: Number(name),
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      since: rest[15] ?? "",
    });
  }
  return found;
}

/** Sends a signal; returns false if there is no such process or group. */
function send(pid: number, signal: Signal | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // It exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function taskkill(pid: number, force: boolean): boolean {
  const args = ["/pid", String(pid), "/t", ...(force ? ["/f"] : [])];
  return spawnSync("taskkill", args, { stdio: "ignore", windowsHide: true }).status === 0;
}
