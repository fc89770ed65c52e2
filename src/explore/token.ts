/**
 * Tokens: a schedule as a short text. `1-stay-2x1,0x3-k9f2` is version 1, the order of reference, the deviations from it
 * (after two choices of the first option the second, then at once the fourth), and a check of the program. `0x1*40` is
 * forty times the same.
 */

import { describe } from "../runtime/arguments.ts";

/** What a token says. */
export interface Schedule {
  readonly slow: boolean;
  readonly choices: readonly number[];
  /** A check of how many options there were at each choice: tells another program. */
  readonly check: string;
}

const version = 1;

/** No run has more. */
const maxChoices = 10_000_000;

export function encode({ slow, choices, check }: Schedule): string {
  const parts: string[] = [];
  let gap = 0;
  let times = 0;
  const end = (): void => {
    if (times > 1) parts.push(`${parts.pop()}*${times}`);
    times = 0;
  };
  for (const choice of choices) {
    if (choice === 0) {
      gap++;
      continue;
    }
    const part = `${gap}x${choice}`;
    gap = 0;
    if (times === 0 || parts.at(-1) !== part) {
      end();
      parts.push(part);
    }
    times++;
  }
  end();
  return `${version}-stay${slow ? ".slow" : ""}-${parts.join(",")}-${check}`;
}

/** @throws TypeError if it is no token, or one of another version */
export function decode(token: unknown): Schedule {
  const match = typeof token === "string" ? /^(\d+)-([\w.]+)-([\dx,*]*)-(\w+)$/.exec(token) : null;
  if (match === null) throw new TypeError(`explore.replay: ${describe(token)} is not a token`);
  const [, of, order, deviations, check] = match as unknown as [string, string, string, string, string];
  if (Number(of) !== version) {
    throw new TypeError(`explore.replay: the token ${describe(token)} is of version ${of}, this is version ${version}`);
  }
  if (order !== "stay" && order !== "stay.slow") {
    throw new TypeError(`explore.replay: the token ${describe(token)} has an unknown order, ${describe(order)}`);
  }
  const choices: number[] = [];
  for (const part of deviations === "" ? [] : deviations.split(",")) {
    const [, gap = 0, choice = 0, times = 1] = /^(\d+)x(\d+)(?:\*(\d+))?$/.exec(part)?.map((n) => Number(n ?? 1)) ?? [];
    if (!(choice > 0) || choices.length + (gap + 1) * times > maxChoices) {
      throw new TypeError(`explore.replay: ${describe(token)} is not a token`);
    }
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < gap; i++) choices.push(0);
      choices.push(choice);
    }
  }
  return { slow: order === "stay.slow", choices, check };
}

/** Checks the numbers of options up to the last deviation: what comes after follows from the program. */
export function checkOf(sizes: readonly number[], choices: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const size of sizes.slice(0, Math.max(choices.length, 1))) hash = Math.imul(hash ^ size, 0x01000193);
  return (hash >>> 0).toString(36);
}
