import { describe } from "../runtime/arguments.ts";
import { errDot, errNotFound, Error as ExecError, pathError } from "./errors.ts";
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
  if (typeof file !== "string") throw new TypeError(`exec: the program must be a string, got ${describe(file)}`);
  if (/[/\\]/.test(isWindows ? file : file.replaceAll("\\", "")) || file === "") return resolvePath(file);
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(isWindows ? ";" : ":")) {
    // An empty entry is the current directory.
    const path = folder === "" ? `./${file}` : join(folder, file);
    for (const candidate of candidates(path)) {
      if (complaint(candidate) !== undefined) continue;
      if (!isAbsolute(candidate)) return [candidate, new ExecError(file, errDot)];
      return [candidate];
    }
  }
  return [file, new ExecError(file, errNotFound)];
}

function resolvePath(file: string): [path: string, err?: globalThis.Error] {
  if (file === "") return [file, new ExecError(file, errNotFound)];
  const found = candidates(file).find((candidate) => complaint(candidate) === undefined);
  return found === undefined ? [file, new ExecError(file, complaint(file) as globalThis.Error)] : [found];
}

/** Returns the paths to try. On Windows a name may omit the extension. */
function candidates(path: string): string[] {
  if (!isWindows) return [path];
  const extensions = (process.env["PATHEXT"] ?? ".com;.exe;.bat;.cmd").toLowerCase().split(";");
  const has = extensions.some((extension) => path.toLowerCase().endsWith(extension));
  return has ? [path] : extensions.map((extension) => path + extension);
}

/** Returns why a file cannot be run; undefined if it can. */
export function complaint(path: string): globalThis.Error | undefined {
  try {
    if (statSync(path).isDirectory()) return pathError("stat", path, { code: "EISDIR" });
    accessSync(path, isWindows ? constants.F_OK : constants.X_OK);
    return undefined;
  } catch (error) {
    // Deno refuses to look, and says which permission is missing: that is no answer.
    if ((error as { name?: unknown }).name === "NotCapable") throw error;
    return pathError("stat", path, error);
  }
}
