/**
 * Makes a function of a program's text: types erased, imports replaced by a call, loops guarded, and each async function
 * noting whose it is, so that goroutines are told apart where the host cannot. Lines stay where they are.
 */

import { instrument, type Node } from "../../src/explore/instrument.ts";

/** What differs between Node, which brings both, and a page. */
export interface Tools {
  /** Erases types without moving lines. */
  readonly strip: (code: string) => string;
  /** Parses a module into an ESTree. */
  readonly parse: (code: string) => unknown;
}

/** What a program may import: the modules of the library by their names. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A program that can be run again and again. Each run evaluates the whole module anew. */
export interface Program {
  /** The names of the modules that it imports. */
  readonly imports: readonly string[];
  /** Makes the function that a Session or an exploration runs. */
  bind(environment: Environment): () => Promise<unknown>;
}

export interface Environment {
  readonly modules: Modules;
  /** What the program prints goes here. */
  readonly print: (method: string, values: readonly unknown[]) => void;
  /** Is called in each turn of a loop with the line of the loop. */
  readonly loop?: (line: number) => void;
}

/** A program that cannot be run, with the line that is to blame. */
export class ProgramError extends Error {
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(line === undefined ? message : `line ${line}: ${message}`);
    this.name = "ProgramError";
    this.line = line;
  }
}

/** The name of the program in stacks. */
export const file = "main.ts";

/** The engine puts `async function anonymous(…\n) {\n` in front. */
export const linesBefore = 2;

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Without its types, so that nothing that is not known at run time is needed. */
type AnyFunction = (...args: unknown[]) => Promise<unknown>;

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...text: string[]
) => AnyFunction;

/**
 * Compiles a program.
 *
 * @throws ProgramError where it has a fault of syntax, or imports what is not there
 */
export function compile(source: string, { strip, parse }: Tools, known: (name: string) => boolean): Program {
  let code: string;
  let tree: Node;
  try {
    const plain = strip(source);
    code = instrument(plain, parse)?.code ?? plain;
    tree = parse(code) as Node;
  } catch (error) {
    throw syntaxError(error);
  }
  const imports: string[] = [];
  const edits: Edit[] = [];
  const lineOf = (at: number): number => code.slice(0, at).split("\n").length;
  for (const node of tree["body"] as Node[]) {
    if (node.type === "ImportDeclaration") {
      const name = String((node["source"] as Node)["value"]);
      if (!known(name)) {
        throw new ProgramError(
          `a page has no ${JSON.stringify(name)}: it can import what FORMAT.md lists`,
          lineOf(node.start),
        );
      }
      imports.push(name);
      const text = bindings(node, name, lineOf(node.start));
      edits.push({ from: node.start, to: node.end, text: text + newlines(code.slice(node.start, node.end)) });
    } else if (node.type === "ExportNamedDeclaration" && node["declaration"] != null) {
      edits.push({ from: node.start, to: (node["declaration"] as Node).start, text: "" });
    } else if (node.type.startsWith("Export")) {
      throw new ProgramError("a program exports nothing", lineOf(node.start));
    }
  }
  visit(tree, (node) => {
    if (!/^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(node.type)) return;
    const body = node["body"] as Node;
    const guard = `$loop(${lineOf(node.start)});`;
    if (body.type === "BlockStatement") {
      edits.push({ from: body.start + 1, to: body.start + 1, text: guard });
    } else {
      edits.push({ from: body.start, to: body.start, text: `{${guard}` }, { from: body.end, to: body.end, text: "}" });
    }
  });
  const text = `"use strict";${applied(code, edits)}\n//# sourceURL=${file}`;
  let body: AnyFunction;
  try {
    body = new AsyncFunction("$import", "$loop", "console", text);
  } catch (error) {
    throw syntaxError(error);
  }
  return { imports, bind: (environment) => bind(body, environment) };
}

function bind(body: AnyFunction, { modules, print, loop = () => undefined }: Environment): () => Promise<unknown> {
  const console = Object.fromEntries(
    ["log", "info", "warn", "error", "debug"].map((method) => [
      method,
      (...values: unknown[]) => print(method, values),
    ]),
  );
  return async () => {
    let main: (() => unknown) | undefined;
    const start = (f: unknown): void => {
      if (typeof f !== "function") throw new TypeError(`main: ${String(f)} is not a function`);
      if (main !== undefined) throw new Error("main: called twice");
      main = f as () => unknown;
    };
    await body((name: string) => (name === "gocsp" ? { ...modules[name], main: start } : modules[name]), loop, console);
    return main?.();
  };
}

function bindings(node: Node, name: string, line: number): string {
  const from = `$import(${JSON.stringify(name)})`;
  const specifiers = (node["specifiers"] as Node[]).map((specifier) => {
    const local = String((specifier["local"] as Node)["name"]);
    if (specifier.type === "ImportNamespaceSpecifier") return `const ${local}=${from};`;
    if (specifier.type === "ImportDefaultSpecifier") {
      throw new ProgramError(`${JSON.stringify(name)} has no default export`, line);
    }
    return `const {${String((specifier["imported"] as Node)["name"])}:${local}}=${from};`;
  });
  return specifiers.join("");
}

function newlines(text: string): string {
  return text.replace(/[^\n]+/g, "");
}

function applied(code: string, edits: readonly Edit[]): string {
  let text = "";
  let at = 0;
  // Sorting is stable: what begins first at the same place stays outside.
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    text += code.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return text + code.slice(at);
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof (child as Node | null)?.type === "string") visit(child as Node, see);
    }
  }
}

/** Parsers tell the line each in their own way. */
function syntaxError(error: unknown): Error {
  if (error instanceof ProgramError) return error;
  const { message, loc } = error as Error & { loc?: { line: number } };
  const line = loc?.line ?? Number(/\((\d+):\d+\)/.exec(message)?.[1] ?? Number.NaN);
  const text = message.replace(/^Error transforming .*?: /, "").replace(/\s*\(\d+:\d+\)$/, "");
  return new ProgramError(text, Number.isNaN(line) ? undefined : line);
}
