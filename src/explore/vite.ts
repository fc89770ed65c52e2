/**
 * A plugin for Vite and Vitest that makes plain awaits points of an exploration: where a goroutine awaits a promise that is
 * not of this library, others may go on, as in the real world.
 *
 * @module
 */

import { type Instrumented, instrument } from "./instrument.ts";

/** Which modules are instrumented. */
export interface PointsOptions {
  /** Tells by its path whether a module is instrumented. All but those in `node_modules` if it is left out. */
  readonly include?: (path: string) => boolean;
}

/** A plugin of Vite, in so far as it is needed here. */
export interface VitePlugin {
  readonly name: string;
  readonly enforce: "post";
  transform(this: { parse(code: string): unknown }, code: string, id: string): Instrumented | undefined;
}

/** The library's own modules are no program. */
const own = decodeURIComponent(new URL("../", import.meta.url).pathname).replace(/^\/([A-Za-z]:)/, "$1");

/**
 * Makes the plugin. In a project's `vitest.config.ts`: `plugins: [points()]`. Without an exploration or a bubble the code
 * does what it did before, some nanoseconds later.
 *
 * @throws TypeError `points: 42 is not a function`
 *
 * @example
 * ```ts
 * const plugin = points({ include: (path) => path.includes("/src/") });
 * console.log(plugin.name); // gocsp-points
 * ```
 */
export function points({ include }: PointsOptions = {}): VitePlugin {
  if (include !== undefined && typeof include !== "function") {
    throw new TypeError(`points: ${String(include)} is not a function`);
  }
  return {
    name: "gocsp-points",
    // When types are gone.
    enforce: "post",
    transform(code, id) {
      const path = id.replace(/[?#].*$/, "");
      const wanted = include === undefined ? !/[/\\]node_modules[/\\]/.test(path) : include(path);
      if (!wanted || path.startsWith(own) || !/\.[cm]?[jt]sx?$/.test(path)) return undefined;
      return instrument(code, (text) => this.parse(text));
    },
  };
}
