// Finds what can be changed in a source file, and writes all the changes into it at once, each behind a switch.
import { parseSync } from "vite";

/** One small change of the source, which some test should notice. */
export interface Mutant {
  /** Unique in a file, and the same after edits elsewhere: the function, what is changed, and into what. */
  readonly key: string;
  readonly line: number;
  /** The range that is replaced; empty where something is inserted. */
  readonly start: number;
  readonly end: number;
  readonly form: "expression" | "statement" | "body";
  readonly replacement: string;
  /** The function, class or variable in which it is: while that stays the same, so do the answers of the tests. */
  readonly within: string;
}

/** A node of the syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

/** The bound moved by one, then the opposite. */
const comparisons: Record<string, readonly string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
};
const equalities: Record<string, string> = { "===": "!==", "!==": "===", "==": "!=", "!=": "==" };
const arithmetic: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "<<": ">>",
  ">>": "<<",
  ">>>": "<<",
  "&": "|",
  "|": "&",
};
const assignments: Record<string, string> = { "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "??=": "=", "||=": "=" };

/** Methods whose result stands for what they are called on. */
const neutral = /^(reverse|sort|toSorted|toReversed|slice|filter|trim)$/;
/** Functions of numbers: with another one, or with none. */
const functions: Record<string, string> = {
  "Math.min": "Math.max",
  "Math.max": "Math.min",
  "Math.floor": "",
  "Math.ceil": "",
};

/** Members of nodes that hold types, which no program sees. */
const typesOnly = /^(typeAnnotation|typeParameters|typeArguments|returnType|superTypeArguments|implements)$/;
/** The only nodes of TypeScript's own that contain code. */
const transparent = /^TS(As|NonNull|Satisfies)Expression$/;

/** Returns all mutants of a source file, in its order. */
export function findMutants(name: string, source: string): Mutant[] {
  const { program, errors } = parseSync(name, source, { lang: "ts" });
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`);
  const found: Mutant[] = [];
  const path: string[] = [];
  const enclosing: Node[] = [];
  const uses = new Map<string, number>();

  const text = (node: Node): string => source.slice(node.start, node.end);
  function add(node: Node, replacement: string, form: Mutant["form"] = "expression"): void {
    const at = form === "body" ? node.start + 1 : node.start;
    const end = form === "body" ? at : node.end;
    const before = form === "body" ? "body" : text(node);
    const change = form === "expression" ? `${shown(before)} → ${shown(replacement)}` : `without ${shown(before)}`;
    const plain = `${path.join(".") || "module"}: ${change}`;
    const use = (uses.get(plain) ?? 0) + 1;
    uses.set(plain, use);
    const line = source.slice(0, node.start).split("\n").length;
    found.push({
      key: use === 1 ? plain : `${plain} (${use})`,
      line,
      start: at,
      end,
      form,
      replacement,
      within: text(enclosing.at(-1) ?? node),
    });
  }

  function visit(node: Node, parent: Node): void {
    if (node.type.startsWith("TS") && !transparent.test(node.type)) return;
    const label = nameOf(node, parent);
    if (label !== undefined) {
      path.push(label);
      enclosing.push(node);
    }
    mutate(node, parent);
    for (const [member, value] of Object.entries(node)) {
      if (typesOnly.test(member)) continue;
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) visit(child, node);
    }
    if (label !== undefined) {
      path.pop();
      enclosing.pop();
    }
  }

  /** Adds the mutants of one node. */
  function mutate(node: Node, parent: Node): void {
    const isTest = parent["test"] === node;
    if (isTest) {
      const loops = /^(While|DoWhile|For)Statement$/.test(parent.type);
      if (!loops) add(node, "true");
      if (!(loops && node.type === "Literal")) add(node, "false");
    }
    switch (node.type) {
      case "BinaryExpression": {
        const operator = node["operator"] as string;
        const [left, right] = [node["left"] as Node, node["right"] as Node];
        const replace = (other: string): void => add(node, `${text(left)} ${other} ${text(right)}`);
        const [bound, opposite] = comparisons[operator] ?? [undefined, equalities[operator]];
        if (bound !== undefined) replace(bound);
        // A condition that is forced both ways says the same.
        if (opposite !== undefined && !isTest) replace(opposite);
        const other = arithmetic[operator];
        if (other !== undefined && !isText(left) && !isText(right)) replace(other);
        break;
      }
      case "LogicalExpression":
        add(node, text(node["left"] as Node));
        add(node, text(node["right"] as Node));
        break;
      case "UnaryExpression":
        if (node["operator"] === "!" && !isTest) add(node, `!!${text(node["argument"] as Node)}`);
        if (node["operator"] === "-") add(node, text(node["argument"] as Node));
        break;
      case "UpdateExpression": {
        const [target, other] = [text(node["argument"] as Node), node["operator"] === "++" ? "--" : "++"];
        add(node, node["prefix"] === true ? other + target : target + other);
        break;
      }
      case "AssignmentExpression": {
        const other = assignments[node["operator"] as string];
        if (other !== undefined) add(node, `${text(node["left"] as Node)} ${other} ${text(node["right"] as Node)}`);
        break;
      }
      case "Literal":
        if (isTest || parent["key"] === node || parent["source"] === node) break;
        if (typeof node["value"] === "boolean") add(node, String(!node["value"]));
        if (typeof node["value"] === "number") for (const other of near(node["value"])) add(node, String(other));
        break;
      case "AwaitExpression":
        if (parent.type === "ExpressionStatement") add(node, `void (${text(node["argument"] as Node)})`);
        break;
      case "CallExpression": {
        const callee = node["callee"] as Node;
        const other = functions[text(callee)];
        if (other !== undefined) add(node, other + source.slice(callee.end, node.end));
        const [object, method] = [callee["object"] as Node, callee["property"] as Node | undefined];
        if (neutral.test(String(method?.["name"])) && parent.type !== "ChainExpression") add(node, text(object));
        break;
      }
      case "ChainExpression":
        for (const at of optionals(node)) {
          const after = source.slice(at + 2, node.end);
          add(node, source.slice(node.start, at) + (/^[[(<]/.test(after) ? after : `.${after}`));
        }
        break;
      case "ExpressionStatement":
        if (!text(node).startsWith("super(")) add(node, "", "statement");
        break;
      case "ThrowStatement":
      case "BreakStatement":
      case "ContinueStatement":
        add(node, "", "statement");
        break;
      case "ReturnStatement":
        if (node["argument"] === null) add(node, "", "statement");
        break;
      case "BlockStatement":
        if (/Function/.test(parent.type) && !isDerivedConstructor(parent) && !yieldsNothing(node)) {
          add(node, "return;", "body");
        }
        break;
    }
  }

  /** Where the `?.` of a chain are: never inside another expression, such as an argument. */
  function* optionals(node: Node): Generator<number> {
    for (const child of [node["expression"], node["object"], node["callee"]])
      if (isNode(child)) yield* optionals(child);
    const before = node["object"] ?? node["callee"];
    if (node["optional"] === true) yield source.indexOf("?.", (before as Node).end);
  }

  /** Whether a body does no more than to return what counts as false. */
  function yieldsNothing(node: Node): boolean {
    const [first] = node["body"] as Node[];
    return first === undefined || /^return( false| undefined)?;$/.test(text(first));
  }

  /** A derived class's constructor must come to its `super`. */
  function isDerivedConstructor(node: Node): boolean {
    return source.slice(node.start, node.end).includes("super(");
  }

  visit(program as unknown as Node, program as unknown as Node);
  return found;
}

/** Writes the mutants into the source: `$m(id)` is true for the one that is active. Lines stay where they are. */
export function instrument(source: string, mutants: readonly Mutant[], firstId: number, helper: string): string {
  const numbered = mutants.map((mutant, i) => ({ ...mutant, id: firstId + i }));
  // Outer ranges before those inside them.
  numbered.sort((a, b) => a.start - b.start || b.end - a.end || (a.form === "statement" ? -1 : 1));
  let next = 0;

  function write(from: number, to: number): string {
    let text = "";
    let at = from;
    for (let m = numbered[next]; m !== undefined && m.start < to; m = numbered[next]) {
      text += source.slice(at, m.start);
      const same = [m];
      next++;
      for (let n = numbered[next]; n?.start === m.start && n.end === m.end && n.form === m.form; n = numbered[next]) {
        same.push(n);
        next++;
      }
      if (m.form === "body") {
        text += `if ($m(${m.id})) return;`;
      } else {
        const inner = write(m.start, m.end);
        if (m.form === "statement") text += `{ if (!$m(${m.id})) ${inner} }`;
        else text += `(${same.map((n) => `$m(${n.id}) ? (${oneLine(n.replacement)}) : `).join("")}(${inner}))`;
      }
      at = m.end;
    }
    return text + source.slice(at, to);
  }

  const body = write(0, source.length);
  if (next !== numbered.length) throw new Error("mutants that overlap");
  return `/* @ts-nocheck */ import { $m } from ${JSON.stringify(helper)}; ${body}`;
}

/**
 * The module that tells which mutant is active, or records which ones a test reaches. In a sweep, sweeper.ts says so while
 * the process runs, and an endless loop ends when it has asked too often.
 */
export const helperSource = `// @ts-nocheck
const sweep = globalThis[Symbol.for("gocsp.mutant")];
const { GOCSP_MUTANT, GOCSP_REACHED } = globalThis.process?.env ?? {};
const active = Number(GOCSP_MUTANT);
const reached = new Set();
function record(id) {
  if (reached.has(id)) return false;
  reached.add(id);
  process.getBuiltinModule("node:fs").appendFileSync(GOCSP_REACHED, id + "\\n");
  return false;
}
function look(id) {
  if (++sweep.calls > sweep.limit) throw new Error("an endless loop");
  sweep.reached[id] = 1;
  return id === sweep.active;
}
export const $m = sweep !== undefined ? look : GOCSP_REACHED === undefined ? (id) => id === active : record;
`;

/** What a number is changed into. Of a large one, which is a size or a time, the neighbours mean the same. */
function near(value: number): number[] {
  if (value > 16) return [0];
  return value > 0 ? [value + 1, value - 1] : [value + 1];
}

function nameOf(node: Node, parent: Node): string | undefined {
  const named = /^(FunctionDeclaration|ClassDeclaration|VariableDeclarator)$/.test(node.type) ? node["id"] : undefined;
  const member = /^(MethodDefinition|PropertyDefinition)$/.test(node.type) ? node["key"] : undefined;
  const name = (named ?? member) as Node | undefined;
  if (name?.type === "PrivateIdentifier") return `#${name["name"] as string}`;
  if (name?.type === "Identifier" && parent.type !== "ForStatement") return name["name"] as string;
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Whether a `+` with this operand joins texts. */
function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
}

/** Without line breaks and bars, for a table. */
function shown(code: string): string {
  const line = oneLine(code).replace(/\s+/g, " ").replaceAll("|", "¦");
  return line.length <= 70 ? line : `${line.slice(0, 45)} … ${line.slice(-20)}`;
}

/** Comments in the middle of an expression would swallow the rest of the line. */
function oneLine(code: string): string {
  return code.replace(/\s*\/\/.*$/gm, "").replace(/\s*\n\s*/g, " ");
}
