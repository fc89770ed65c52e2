import { callOf, child, docsOf, isFunction, type Node, type Rule, some, walk, waits } from "../ast.ts";

/** The operations that never wait: a loop that retries one keeps every other goroutine from running. */
const tries = new Set(["trySend", "tryReceive", "tryLock", "tryRLock", "tryAcquire"]);

/** A loop that ends only when another goroutine acts, but never lets one run. */
export const loopWithoutAwait: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("loop-without-await", "Disallow endless loops that never wait"),
    schema: [],
    messages: {
      endless: "This loop has no end and never waits: nothing else in the program will run.",
      spins:
        "This loop tries `{{name}}` again and again without waiting: no other goroutine can run, so it never succeeds.",
    },
  },
  create(context) {
    const check = (node: Node): void => {
      if (waits(node) || some(node, waits) || some(node, (inner) => inner.type === "YieldExpression")) return;
      const test = child(node, "test");
      const isEndless = test === undefined ? node.type === "ForStatement" : test["value"] === true;
      if (isEndless && !leaves(node)) {
        context.report({ node, messageId: "endless" });
        return;
      }
      const tried = triedIn(test);
      // `while (ch.tryReceive() !== undefined)` empties a channel. A loop spins only if it retries after a failure, and
      // its body does nothing about it.
      if (!isEndless && tried !== undefined && goesOnAfterFailure(test, tried) && !actsIn(node)) {
        context.report({ node, messageId: "spins", data: { name: tried } });
      }
    };
    return { ForStatement: check, WhileStatement: check, DoWhileStatement: check };
  },
};

function triedIn(node: Node | undefined): string | undefined {
  let name: string | undefined;
  if (node === undefined) return undefined;
  some(node, (inner) => {
    const call = callOf(inner);
    if (call !== undefined && tries.has(call.name)) name = call.name;
    return name !== undefined;
  });
  return name;
}

/** Tells whether the body of a loop calls anything. */
function actsIn(loop: Node): boolean {
  const body = child(loop, "body");
  return body !== undefined && some(body, (inner) => inner.type === "CallExpression");
}

/** Tells whether a loop continues after a failure: its condition is `!mu.tryLock()`, or `=== undefined`. */
function goesOnAfterFailure(test: Node | undefined, name: string): boolean {
  if (test?.type === "UnaryExpression") return test["operator"] === "!";
  return name === "tryReceive" && test?.type === "BinaryExpression" && /^===?$/.test(String(test["operator"]));
}

/** Tells whether a loop can be left: by `return`, `throw`, its own `break` or one with a label. */
function leaves(loop: Node): boolean {
  let found = false;
  walk(loop, (node) => {
    if (found || (node !== loop && isFunction(node))) return false;
    if (node.type === "ReturnStatement" || node.type === "ThrowStatement") found = true;
    if (node.type === "BreakStatement" && (child(node, "label") !== undefined || isOwn(node, loop))) found = true;
    // A call may throw, or end the process.
    if (node.type === "CallExpression" && /^(?:exit|goexit|panic|fatal\w*)$/.test(callOf(node)?.name ?? ""))
      found = true;
    return !found;
  });
  return found;
}

const breakable = /^(?:For\w*|While|DoWhile|Switch)Statement$/;

function isOwn(node: Node, loop: Node): boolean {
  let outer = node.parent ?? undefined;
  while (outer !== undefined && !breakable.test(outer.type)) outer = outer.parent ?? undefined;
  return outer === loop;
}
