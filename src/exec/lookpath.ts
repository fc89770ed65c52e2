import { describe } from "../runtime/arguments.ts";
import { errDot, errNotFound, Error as ExecError, pathError, systemError } from "./errors.ts";
import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

const isWindows = process.platform === "win32";

/**
 * Searches the directories of `PATH` for a program. A name with a slash is not searched for: it is tried, and returned
 * as it is. Otherwise the result is an absolute path. Mirrors Go's `exec.LookPath`.
 *
 * @throws Error `exec: "prog": executable file not found in $PATH`, which wraps {@link errNotFound}; for a name with a
 * slash `exec: "./prog": …`
 * @throws Error `exec: "prog": cannot run executable found relative to current directory`, which wraps {@link errDot}
 *
 * @example
 * ```ts
 * console.log(exec.lookPath("sh").endsWith("/sh")); // true
 * ```
 */
export function lookPath(file: string): string {
  const [path, err] = resolve(file);
  if (err !== undefined) throw err;
  return path;
}

/**
 * Returns the path of a program, and why it must not be run, as Go's `LookPath` does: with an error there may be a
 * path.
 */
export function resolve(file: string, env: NodeJS.ProcessEnv = process.env): [path: string, err?: globalThis.Error] {
  checkProgram(file);
  if (file === "") return [file, new ExecError(file, errNotFound)];
  if (hasFolder(file)) {
    const found = candidates(file).find((candidate) => complaint(candidate) === undefined);
    return found === undefined ? [file, new ExecError(file, complaint(file) as globalThis.Error)] : [found];
  }
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(isWindows ? ";" : ":")) {
    // An empty entry is the current directory.
    for (const candidate of candidates(join(folder, file))) {
      if (complaint(candidate) !== undefined) continue;
      if (!isAbsolute(candidate)) return [candidate, new ExecError(file, errDot)];
      return [candidate];
    }
  }
  return [file, new ExecError(file, errNotFound)];
}

/** Throws unless the name of a program is a string. */
export function checkProgram(file: unknown): void {
  if (typeof file !== "string") throw new TypeError(`exec: the program must be a string, got ${describe(file)}`);
}

/** Tells whether a name says in which folder the program is. */
export function hasFolder(file: string): boolean {
  return (isWindows ? /[/\\:]/ : /\//).test(file);
}

/** Returns the paths to try. On Windows a name may omit the extension. */
export function candidates(path: string): string[] {
  if (!isWindows) return [path];
  const extensions = (process.env["PATHEXT"] ?? ".com;.exe;.bat;.cmd").toLowerCase().split(";");
  const has = extensions.some((extension) => path.toLowerCase().endsWith(extension));
  return has ? [path] : extensions.map((extension) => path + extension);
}

/** Returns why a file cannot be run; undefined if it can. The error has the code of the system's. */
export function complaint(path: string): (globalThis.Error & { readonly code?: string }) | undefined {
  try {
    if (statSync(path).isDirectory()) return systemError({ code: "EISDIR" });
  } catch (error) {
    return pathError("stat", path, checked(error));
  }
  try {
    accessSync(path, isWindows ? constants.F_OK : constants.X_OK);
    return undefined;
  } catch (error) {
    return systemError(checked(error));
  }
}

/** Deno refuses to look, and says which permission is missing: that is no answer. */
function checked(error: unknown): unknown {
  if ((error as { name?: unknown }).name === "NotCapable") throw error;
  return error;
}
