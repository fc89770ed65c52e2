/**
 * A process and its descendants: who they are, how they get a signal, and whether any is left.
 *
 * A command has a session and a process group of its own, so one call reaches all of it. Shells with job control, and
 * whoever calls `setpgid` or `setsid`, leave the group; on Linux they are found by their session and by their parents. A
 * process that leaves the session and then loses its parent is found only if it was seen before: daemons do that on
 * purpose, and outlive the command.
 */

import type { Signal } from "../signal/process.ts";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What `/proc/…/stat` says of a process. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it was started: two processes with the same number differ in it. */
  readonly since: string;
}

const { platform } = process;

/** A process and its descendants. */
export class ProcessTree {
  readonly #root: number;
  /** Whether the root has a session and a group of its own, which have its number. */
  readonly #ownGroup: boolean;
  /** Set when the host has reaped the root: from then on the number may be another one's. */
  #isRootGone = false;
  #isGroupGone = false;
  /** Those that were found, by number: they stay ours when they lose their parents. */
  #known = new Map<number, string>();

  constructor(root: number, ownGroup: boolean) {
    this.#root = root;
    this.#ownGroup = ownGroup;
  }

  /** The root has exited, and is no zombie any more. */
  rootIsGone(): void {
    this.#isRootGone = true;
  }

  /** Sends a signal to all of them; returns false if there is none. */
  signal(signal: Signal): boolean {
    if (platform === "win32") return this.#isRootGone ? false : taskkill(this.#root, signal === "SIGKILL");
    // One call for the group, so that none is left out which is just being forked.
    let found = this.#hasGroup() && send(-this.#root, signal);
    for (const { pid, group } of this.#find()) {
      if (this.#ownGroup && group === this.#root) continue;
      found = send(pid, signal) || found;
    }
    return found;
  }

  /**
   * Kills all of them; returns false if there was none. They are stopped first: a process that is stopped cannot fork, so
   * that in the end nobody is left who was not seen.
   */
  kill(): boolean {
    if (platform === "linux") {
      const stopped = new Set<number>();
      // One who forks and ends while the list is read hides the child: two readings in a row must find nobody new.
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

  /** Tells whether none is left but zombies, which have ended although their parents have not asked how. */
  isGone(): boolean {
    if (platform === "linux") return this.#find().length === 0;
    return platform === "win32" || !this.#ownGroup ? this.#isRootGone : !this.#hasGroup();
  }

  /** Tells whether the group has members, zombies included. Once it had none its number may be another one's. */
  #hasGroup(): boolean {
    if (!this.#ownGroup || this.#isGroupGone) return false;
    this.#isGroupGone = !send(-this.#root, 0);
    return !this.#isGroupGone;
  }

  /** Returns those that live. Elsewhere than on Linux that is the root. */
  #find(): Stat[] {
    if (platform !== "linux") {
      const alive = !this.#isRootGone && send(this.#root, 0);
      return alive ? [{ pid: this.#root, parent: 0, group: this.#root, session: this.#root, since: "" }] : [];
    }
    let found = this.#look();
    // The list is not read at one moment; the group can be asked at one.
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

/** Returns all processes of this machine that can do something. */
function processes(): Stat[] {
  const found: Stat[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let text: string;
    try {
      text = readFileSync(`/proc/${name}/stat`, "latin1");
    } catch {
      // It has ended meanwhile.
      continue;
    }
    // The second field is the program's name in parentheses, and may have anything in it.
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
    // It is there, but may not be sent one: it has another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function taskkill(pid: number, force: boolean): boolean {
  const args = ["/pid", String(pid), "/t", ...(force ? ["/f"] : [])];
  return spawnSync("taskkill", args, { stdio: "ignore", windowsHide: true }).status === 0;
}
