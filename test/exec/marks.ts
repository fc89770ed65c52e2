/** Finds the descendants of a command, whatever their present parents, by a mark in their environment. */

import { readdirSync, readFileSync } from "node:fs";

const name = "GOCSP_EXEC_TEST";
let count = 0;

/** Whether processes can be found here at all. */
export const canFind: boolean = process.platform === "linux";

/** A mark for the environment of a command. */
export class Mark {
  readonly text: string = `${process.pid}-${++count}-${Math.random().toString(36).slice(2)}`;

  /** The environment of this process with the mark. */
  get env(): Record<string, string | undefined> {
    return { ...process.env, [name]: this.text };
  }

  /** The numbers of the processes that live and have the mark. */
  alive(): number[] {
    return marked(this.text);
  }
}

/** Returns the processes with a mark, zombies left out. */
export function marked(text: string): number[] {
  const wanted = `${name}=${text}`;
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        // A zombie has no environment any more.
        return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(wanted);
      } catch {
        return false;
      }
    })
    .map(Number);
}
