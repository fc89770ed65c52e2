/**
 * Shared by the rules: the shape of a syntax tree as ESLint and oxlint pass it, and functions that examine it. The
 * rules have no types, so they recognize the library's functions by their names.
 */

/** A node of the tree, as ESTree with TypeScript has it. */
export interface Node {
  readonly type: string;
  readonly parent?: Node;
  readonly range: readonly [start: number, end: number];
  readonly [property: string]: unknown;
}

/** A change to the text that a rule suggests. */
export interface Fixer {
  insertTextBefore(node: Node, text: string): unknown;
  insertTextAfter(node: Node, text: string): unknown;
  replaceText(node: Node, text: string): unknown;
  replaceTextRange(range: readonly [number, number], text: string): unknown;
}

type Fix = (fixer: Fixer) => unknown;

/** A report of a rule. */
export interface Report {
  readonly node: Node;
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly fix?: Fix;
  readonly suggest?: readonly { readonly messageId: string; readonly fix: Fix }[];
}

interface Variable {
  readonly name: string;
  readonly references: readonly { isRead(): boolean }[];
}

/** The context of a rule for one file. */
export interface RuleContext {
  readonly sourceCode: {
    readonly text: string;
    getText(node: Node): string;
    getDeclaredVariables(node: Node): readonly Variable[];
  };
  report(report: Report): void;
}

/** A rule for ESLint and for oxlint. */
export interface Rule {
  readonly meta: {
    readonly type: "problem" | "suggestion";
    readonly docs: { readonly description: string; readonly url: string };
    readonly schema: readonly [];
    readonly messages: Readonly<Record<string, string>>;
    readonly fixable?: "code";
    readonly hasSuggestions?: boolean;
  };
  create(context: RuleContext): Readonly<Record<string, (node: Node) => void>>;
}

/** Makes a rule's description, with the address of its page. */
export function docsOf(name: string, description: string): Rule["meta"]["docs"] {
  return { description, url: `https://github.com/gocsp/gocsp/blob/main/docs/lint.md#${name}` };
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Returns a child node, or undefined. */
export function child(node: Node | undefined, property: string): Node | undefined {
  const value = node?.[property];
  return isNode(value) ? value : undefined;
}

/** Returns the children of a list; holes in a pattern are undefined. */
export function children(node: Node | undefined, property: string): (Node | undefined)[] {
  const value = node?.[property];
  return Array.isArray(value) ? value.map((each: unknown) => (isNode(each) ? each : undefined)) : [];
}

/** Unwraps syntax that has no meaning at run time: `x as T`, `x!`, parentheses, optional chains. */
export function bare(node: Node | undefined): Node | undefined {
  let inner = node;
  while (
    inner !== undefined &&
    [
      "TSAsExpression",
      "TSNonNullExpression",
      "TSSatisfiesExpression",
      "ParenthesizedExpression",
      "ChainExpression",
    ].includes(inner.type)
  ) {
    inner = child(inner, "expression");
  }
  return inner;
}

/** Returns the name of an identifier or of a property that is not computed. */
export function nameOf(node: Node | undefined): string | undefined {
  if (node?.type === "Identifier" || node?.type === "PrivateIdentifier") return String(node["name"]);
  if (node?.type === "Literal" && typeof node["value"] === "string") return node["value"];
  return undefined;
}

/** The parts of a call: `object.name(args)` or `name(args)`. */
export interface Call {
  readonly node: Node;
  readonly object: Node | undefined;
  readonly name: string;
  readonly args: readonly (Node | undefined)[];
}

/** Splits a call into its parts; undefined if the node is not a call, or its function has no name. */
export function callOf(node: Node | undefined): Call | undefined {
  const call = bare(node);
  if (call?.type !== "CallExpression") return undefined;
  const callee = bare(child(call, "callee"));
  const args = children(call, "arguments");
  if (callee?.type === "MemberExpression") {
    const name = callee["computed"] === true ? undefined : nameOf(child(callee, "property"));
    return name === undefined ? undefined : { node: call, object: child(callee, "object"), name, args };
  }
  const name = nameOf(callee);
  return name === undefined ? undefined : { node: call, object: undefined, name, args };
}

/** Returns the operand of an `await`; undefined if the node is not one. */
export function awaited(node: Node | undefined): Node | undefined {
  const expression = bare(node);
  return expression?.type === "AwaitExpression" ? bare(child(expression, "argument")) : undefined;
}

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export function isFunction(node: Node | undefined): boolean {
  return node !== undefined && functions.has(node.type);
}

/** Returns the innermost function around a node; undefined at the top level of a module. */
export function functionAround(node: Node): Node | undefined {
  let outer = node.parent ?? undefined;
  while (outer !== undefined && !isFunction(outer)) outer = outer.parent ?? undefined;
  return outer;
}

/** Tells whether `await` may be written here: in an async function, or at the top level of a module. */
export function mayAwait(node: Node): boolean {
  const around = functionAround(node);
  return around === undefined || around["async"] === true;
}

/** Visits a tree, parents before children. If the visitor returns false, the children of the node are skipped. */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  if (visit(node) === false) return;
  for (const [property, value] of Object.entries(node)) {
    if (property === "parent" || property === "range" || property === "loc") continue;
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(each)) walk(each, visit);
  }
}

/** Tells whether a node in a tree passes a test. Nested functions are skipped by default. */
export function some(node: Node, test: (node: Node) => boolean, intoFunctions: boolean = false): boolean {
  let found = false;
  walk(node, (inner) => {
    if (found || (!intoFunctions && inner !== node && isFunction(inner))) return false;
    if (test(inner)) found = true;
    return !found;
  });
  return found;
}

/** Tells whether a node itself waits: `await`, `for await`, `await using`. */
export function waits(node: Node): boolean {
  return (
    node.type === "AwaitExpression" ||
    (node.type === "ForOfStatement" && node["await"] === true) ||
    (node.type === "VariableDeclaration" && node["kind"] === "await using")
  );
}

/** The `using` and `await using` of a declaration. */
export function isUsing(node: Node | undefined): boolean {
  return node?.type === "VariableDeclaration" && (node["kind"] === "using" || node["kind"] === "await using");
}

/**
 * Returns the names of the namespaces that a module imports, as in `import * as fmt from "…"`, and of its named
 * imports.
 */
export function importsOf(program: Node): { readonly namespaces: Set<string>; readonly names: Map<string, string> } {
  const namespaces = new Set<string>();
  const names = new Map<string, string>();
  for (const statement of children(program, "body")) {
    if (statement?.type !== "ImportDeclaration") continue;
    const from = String(child(statement, "source")?.["value"]);
    for (const specifier of children(statement, "specifiers")) {
      const local = nameOf(child(specifier, "local"));
      if (local === undefined) continue;
      if (specifier?.type === "ImportNamespaceSpecifier") namespaces.add(local);
      else names.set(local, from);
    }
  }
  return { namespaces, names };
}

/** Returns the module that a node is in. */
export function programOf(node: Node): Node {
  let outer = node;
  while (outer.parent !== undefined && outer.parent !== null) outer = outer.parent ?? undefined;
  return outer;
}
