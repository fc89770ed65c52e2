/** Names that a person knows: those of the program's variables and functions, where its text tells them. */

import type { Entry } from "../engine/protocol.ts";

export interface Names {
  /** Names an object of the log: `ch1` is `jobs`. */
  readonly of: (on: string) => string;
  /** Names a goroutine: `2 worker`. 0 is the clock. */
  readonly goroutine: (number: number) => string;
}

/** Finds names in the text of the program. What is not told there keeps its name of the log. */
export function namesOf(entries: readonly Entry[], source: string): Names {
  const lines = source.split("\n");
  const objects = new Map<string, string>();
  const goroutines = new Map<number, string>([
    [0, "the clock"],
    [1, "1 main"],
  ]);
  const taken = new Map<string, number>();
  const give = (on: string, name: string): void => {
    if (objects.has(on) || on === "") return;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    objects.set(on, times === 1 ? name : `${name} #${times}`);
  };
  for (const entry of entries) {
    const text = lines[entry.line - 1] ?? "";
    if (entry.kind === "make") {
      const made = madeFor(text) ?? (/\bafter\(/.test(text) ? "timer" : undefined);
      const done = /([\w$]+)\.done\(\)/.exec(text)?.[1];
      if (!/\b(?:nil)?[cC]han\b/.test(text) && done !== undefined) give(entry.on, `${done}.done()`);
      else if (made !== undefined) give(entry.on, made);
    } else if (entry.kind === "derive") {
      if (objects.get(entry.value ?? "") === undefined) give(entry.value ?? "", parentOf(text));
      give(entry.on, madeFor(text) ?? entry.on);
    } else if (entry.kind === "go" && entry.peer > 1) {
      const name = started(lines, entry.line);
      goroutines.set(entry.peer, name === undefined ? `${entry.peer}` : `${entry.peer} ${name}`);
    } else if (/^[A-Z]/.test(entry.on)) {
      const kind = entry.on.replace(/\d+$/, "");
      const declared = declaredAs(source, kind);
      const used = /([\w$]+)\.(?:go|add|done|wait|lock|rLock|unlock|rUnlock|tryLock|acquire|release|do)\(/.exec(
        text,
      )?.[1];
      if (used !== undefined && declared.includes(used)) give(entry.on, used);
      else if (declared.length === 1 && !isList(source, kind)) give(entry.on, declared[0] as string);
    }
  }
  return {
    of: (on) => objects.get(on) ?? on,
    goroutine: (number) => goroutines.get(number) ?? String(number),
  };
}

/** `const jobs = chan<Job>()`, `const [ctx, cancel] = …`, `jobs: chan(…)`, `this.jobs = …`. */
function madeFor(text: string): string | undefined {
  const declared = /(?:const|let|using)\s+(?:\[\s*)?([\w$]+)[^=]*=(?!=|>)/.exec(text)?.[1];
  return declared ?? /([\w$]+)\s*(?:=|:)\s*(?:chan|nilChan|context)\b/.exec(text)?.[1];
}

function parentOf(text: string): string {
  const parent = /\bwith\w+\(\s*([\w$.]+(?:\(\))?)/.exec(text)?.[1] ?? "background";
  return parent.replace(/^context\./, "").replace("()", "");
}

/** Variables that hold a lock, a group or the like. */
function declaredAs(source: string, kind: string): string[] {
  const pattern = new RegExp(`([\\w$]+)\\s*(?:=|:)\\s*new (?:[\\w$]+\\.)?${kind}\\b`, "g");
  return [...source.matchAll(pattern)].map(([, name]) => name as string);
}

function isList(source: string, kind: string): boolean {
  return new RegExp(`=>\\s*new (?:[\\w$]+\\.)?${kind}\\b`).test(source);
}

/** Names the function that a line starts: the one that `go` is given, or the one around the line. */
function started(lines: readonly string[], line: number): string | undefined {
  const text = lines[line - 1] ?? "";
  const given = /\bgo\(\s*([A-Za-z_$][\w$.]*)\s*[,)]/.exec(text)?.[1];
  if (given !== undefined && given !== "async") return given;
  const called = /\bgo\(\s*(?:async\s*)?\(\)\s*=>\s*(?:await\s+)?([A-Za-z_$][\w$]*)\(/.exec(text)?.[1];
  if (called !== undefined) return called;
  let indent = indentOf(text);
  for (let at = line - 2; at >= 0; at--) {
    const above = lines[at] ?? "";
    if (above.trim() === "" || indentOf(above) >= indent) continue;
    indent = indentOf(above);
    const name =
      /(?:const|let)\s+([\w$]+)\s*(?::[^=]*)?=\s*(?:async\s*)?(?:<[^>]*>\s*)?(?:\([^)]*\)|[\w$]+)[^=]*=>/.exec(
        above,
      )?.[1] ??
      /(?:const|let)\s+([\w$]+)\s*=\s*(?:async\s*)?\($/.exec(above)?.[1] ??
      /function\s*\*?\s*([\w$]+)/.exec(above)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

function indentOf(text: string): number {
  return /^\s*/.exec(text)?.[0].length ?? 0;
}

/** Puts the program's names into a sentence of the log. */
export function told(sentence: string, entry: Entry, names: Names): string {
  const who = entry.goroutine === 0 ? "the clock" : `goroutine ${names.goroutine(entry.goroutine)}`;
  const rest = sentence.replace(/^(?:the host|goroutine \d+) /, "");
  const named = rest
    .replace(/\bgoroutine (\d+)/g, (_, number: string) => `goroutine ${names.goroutine(Number(number))}`)
    .replace(/\b(?:ch|ctx|[A-Z]\w*?)\d+\b/g, (on) => names.of(on))
    .replace(/\bthe host\b/g, "the clock");
  return `${who} ${named}`;
}
