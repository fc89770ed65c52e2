/**
 * Makes each plain await of a module a point where other goroutines may go on, and keeps track of whose code runs behind
 * it. Each async function asks at its start who is at work, and says so again after each await, in each `catch` and
 * `finally`, and in loops over what is asynchronous. Lines stay where they are.
 */

/** A node of an ESTree, as Vite's and Rollup's parsers make it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The code, and a source map from it to the code before. */
export interface Instrumented {
  readonly code: string;
  readonly map: {
    readonly version: 3;
    readonly sources: string[];
    readonly names: string[];
    readonly mappings: string;
  };
}

/** Names that no program has. */
const [who, point, resumed, routine] = ["$gocspWho", "$gocspPoint", "$gocspResumed", "$gocspRoutine"];

const imports =
  `import { who as ${who}, point as ${point}, resumed as ${resumed} } from "gocsp/explore/points";` as const;

/**
 * The operations of the library by their names. They are points already: another one behind each would double the number of
 * schedules. If the guess is wrong, a point is missing.
 */
const operations = new Set(
  "send receive receiveOk mustReceive select selectList sleep gosched lock rLock wait waitN acquire".split(" "),
);

/** Text to put before the character at an index. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

class Instrumentation {
  /** What begins something, outer things first; and what ends something, inner things first. */
  readonly #openings: Insertion[] = [];
  readonly #closings: Insertion[] = [];
  readonly #code: string;
  awaits = 0;

  constructor(code: string) {
    this.#code = code;
  }

  /** In the order of the text. */
  get insertions(): readonly Insertion[] {
    // Sorting is stable. Where something ends and something begins, the end comes first.
    return [...this.#closings, ...this.#openings].sort((a, b) => a.at - b.at);
  }

  /** `inside` is the function around the node, if that is an async one. */
  visit(node: Node, inside: Node | undefined, parent: Node | undefined): void {
    const own = isFunction(node) ? (node["async"] === true ? node : undefined) : inside;
    if (own === node) this.#enter(node);
    else if (inside !== undefined) this.#begin(node, inside, parent);
    for (const child of children(node)) this.visit(child, own, node);
    if (own === node) this.#leave(node);
    else if (inside !== undefined) this.#end(node, inside);
  }

  #open(at: number, text: string): void {
    this.#openings.push({ at, text });
  }

  #close(at: number, text: string): void {
    this.#closings.push({ at, text });
  }

  #enter(f: Node): void {
    const declaration = `${f["generator"] === true ? "let" : "const"} ${routine}=${who}();`;
    const body = f["body"] as Node;
    if (body.type === "BlockStatement") {
      this.#open(afterDirectives(body), declaration);
      return;
    }
    // The last arrow before the body is the function's own. The body may stand in parentheses, which are no nodes.
    this.#open(this.#code.lastIndexOf("=>", body.start) + 2, `{${declaration}return(`);
  }

  #leave(f: Node): void {
    if ((f["body"] as Node).type !== "BlockStatement") this.#close(f.end, ");}");
  }

  #begin(node: Node, inside: Node, parent: Node | undefined): void {
    const block = node["body"] as Node;
    switch (node.type) {
      case "AwaitExpression":
        this.awaits++;
        this.#open(node.start, `${resumed}(${routine},`);
        this.#open((node["argument"] as Node).start, `${point}(${routine},(`);
        break;
      case "YieldExpression":
        // Whoever asks for the next value may be another goroutine.
        if (inside["generator"] === true) this.#open(node.start, `${resumed}(undefined,`);
        break;
      case "CatchClause":
        this.#open(block.start + 1, `${resumed}(${routine});`);
        break;
      case "TryStatement":
        if (node["finalizer"] !== null) {
          this.#open((node["finalizer"] as Node).start + 1, `${resumed}(${routine});`);
        }
        break;
      case "ForOfStatement":
        if (node["await"] !== true) break;
        this.awaits++;
        this.#open(block.type === "BlockStatement" ? block.start + 1 : block.start, this.#loopBegin(block));
        if (block.type !== "BlockStatement") this.#close(block.end, "}");
        // Not behind a label, or in the branch of an if, where another statement would be too many.
        if (parent?.type === "BlockStatement") this.#close(node.end, `${resumed}(${routine});`);
        break;
      default:
    }
  }

  #loopBegin(block: Node): string {
    const again = `${resumed}(${routine});`;
    return block.type === "BlockStatement" ? again : `{${again}`;
  }

  #end(node: Node, inside: Node): void {
    if (node.type === "AwaitExpression") {
      const argument = node["argument"] as Node;
      this.#close(argument.end, `),${isOperation(argument)})`);
      this.#close(node.end, ")");
    } else if (node.type === "YieldExpression" && inside["generator"] === true) {
      this.#close(node.end, `,${routine}=${who}())`);
    }
  }
}

function isFunction({ type }: Node): boolean {
  return type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
}

/** Tells whether a node is a call of what has the name of an operation of the library. */
function isOperation(node: Node): boolean {
  if (node.type !== "CallExpression") return false;
  const callee = node["callee"] as Node;
  const name = (callee.type === "MemberExpression" ? callee["property"] : callee) as Node;
  return operations.has(String(name["name"]));
}

function afterDirectives(body: Node): number {
  let at = body.start + 1;
  for (const statement of body["body"] as Node[]) {
    if (statement["directive"] === undefined || statement["directive"] === null) break;
    at = statement.end;
  }
  return at;
}

function* children(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) yield one;
    } else if (isNode(value)) yield value;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}

/** Instruments a module. Returns undefined if there is nothing to do. */
export function instrument(code: string, parse: (code: string) => unknown): Instrumented | undefined {
  if (!/\bawait\b/.test(code)) return undefined;
  const instrumentation = new Instrumentation(code);
  instrumentation.visit(parse(code) as Node, undefined, undefined);
  if (instrumentation.awaits === 0) return undefined;
  // Behind the line of a script's interpreter, if there is one.
  const at = code.startsWith("#!") ? code.indexOf("\n") + 1 : 0;
  return insert(code, [{ at, text: imports }, ...instrumentation.insertions]);
}

function insert(code: string, insertions: readonly Insertion[]): Instrumented {
  const map = new SourceMap();
  let text = "";
  let from = 0;
  for (const { at, text: inserted } of [...insertions, { at: code.length, text: "" }]) {
    const kept = code.slice(from, at);
    map.keep(kept);
    map.skip(inserted);
    text += kept + inserted;
    from = at;
  }
  return { code: text, map: { version: 3, sources: [""], names: [], mappings: map.mappings } };
}

/** Writes the mappings of a source map: what was kept stems from its place, what was inserted from nowhere. */
class SourceMap {
  mappings = "";
  #column = 0;
  /** The column of the latest mapping of the line. */
  #before = 0;
  #line = 0;
  #originalColumn = 0;
  /** As the latest mapping has them: a mapping tells the differences. */
  #lineBefore = 0;
  #originalBefore = 0;
  #first = true;

  keep(text: string): void {
    const lines = text.split("\n");
    for (const [i, line] of lines.entries()) {
      if (i > 0) this.#newLine();
      // A mapping for each word: what follows may be another map, which knows words only.
      for (const { index } of line.matchAll(/\w+|[^\w\s]/g)) this.#segment(index);
      this.#column += line.length;
      this.#originalColumn += line.length;
    }
  }

  skip(text: string): void {
    this.#column += text.length;
  }

  #newLine(): void {
    this.mappings += ";";
    this.#column = this.#before = this.#originalColumn = 0;
    this.#line++;
    this.#first = true;
  }

  #segment(index: number): void {
    const [column, original] = [this.#column + index, this.#originalColumn + index];
    this.mappings += this.#first ? "" : ",";
    this.#first = false;
    this.mappings += quantity(column - this.#before) + quantity(0);
    this.mappings += quantity(this.#line - this.#lineBefore) + quantity(original - this.#originalBefore);
    this.#before = column;
    this.#lineBefore = this.#line;
    this.#originalBefore = original;
  }
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Writes a number as source maps do: the sign last, then five bits a digit, the lowest first. */
function quantity(n: number): string {
  let rest = n < 0 ? (-n << 1) | 1 : n << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
