/** Checks of programs: what an exploration has to find, and what has to hold under every schedule. */

import type { Check } from "../content/types.ts";
import { line } from "./inspect.ts";
import type { Modules, Program } from "./compile.ts";

/** Makes a function that runs a program and throws if what it printed or how long it took is not as it must be. */
export function checked(program: Program, modules: Modules, check: Check | undefined, loop?: (line: number) => void) {
  return async (): Promise<void> => {
    const printed: string[] = [];
    const begun = performance.now();
    const run = program.bind({
      modules,
      print: (_, values) => printed.push(...line(values).split("\n")),
      ...(loop === undefined ? {} : { loop }),
    });
    await run();
    if (check?.within !== undefined && performance.now() - begun > check.within) {
      throw new Error(`it takes ${performance.now() - begun} ms, and may take ${check.within} ms`);
    }
    if (check?.output === undefined) return;
    const [got, want] = [printed, [...check.output]];
    if (check.sorted === true) {
      got.sort();
      want.sort();
    }
    if (got.join("\n") === want.join("\n")) return;
    const at = want.findIndex((one, i) => got[i] !== one);
    const shown = at < 0 ? got[want.length] : got[at];
    throw new Error(
      at < 0
        ? `it prints ${JSON.stringify(shown)}, which is too much`
        : shown === undefined
          ? `it does not print ${JSON.stringify(want[at])}`
          : `it prints ${JSON.stringify(shown)} where ${JSON.stringify(want[at])} should be`,
    );
  };
}
