import {
  bare,
  callOf,
  child,
  docsOf,
  isFunction,
  mayAwait,
  nameOf,
  type Node,
  programOf,
  type Rule,
  walk,
} from "../ast.ts";

const sends = new Set(["send", "trySend"]);

/** The functions that always return a promise. */
const promising = new Set([
  "Promise.resolve",
  "Promise.all",
  "Promise.race",
  "Promise.any",
  "Promise.allSettled",
  "fetch",
]);

/** A send of the result of an async function: the channel carries the promise, not its value. */
export const sendPromise: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("send-promise", "Disallow sending a promise where its value is meant"),
    schema: [],
    hasSuggestions: true,
    messages: {
      promise: "This sends a promise: Go's `ch <- f()` sends what f returns. Await it first.",
      await: "Await what is sent.",
    },
  },
  create(context) {
    let asyncFunctions: Set<string> | undefined;
    /** The names of the async functions that the module declares at its top level. */
    const declared = (node: Node): Set<string> => {
      if (asyncFunctions !== undefined) return asyncFunctions;
      const names = new Set<string>();
      walk(programOf(node), (inner) => {
        if (inner.type === "FunctionDeclaration" && inner["async"] === true && inner["generator"] !== true) {
          names.add(nameOf(child(inner, "id")) ?? "");
        }
        const init = inner.type === "VariableDeclarator" ? bare(child(inner, "init")) : undefined;
        if (isFunction(init) && init?.["async"] === true) names.add(nameOf(child(inner, "id")) ?? "");
      });
      asyncFunctions = names;
      return names;
    };
    const isPromise = (node: Node | undefined): boolean => {
      const value = bare(node);
      if (value?.type === "NewExpression") return nameOf(child(value, "callee")) === "Promise";
      if (value?.type !== "CallExpression") return false;
      const callee = bare(child(value, "callee"));
      if (isFunction(callee)) return callee?.["async"] === true;
      const call = callOf(value);
      if (call === undefined) return false;
      const object = nameOf(bare(call.object));
      if (promising.has(object === undefined ? call.name : `${object}.${call.name}`)) return true;
      return call.object === undefined && declared(value).has(call.name);
    };
    return {
      CallExpression(node) {
        const call = callOf(node);
        if (call === undefined || !sends.has(call.name)) return;
        // `ch.send(v)` as a method; `send(ch, v)` as a case of a select.
        const value = call.object === undefined ? call.args[1] : call.args[0];
        if (value === undefined || !isPromise(value)) return;
        const suggest = mayAwait(node)
          ? [
              {
                messageId: "await",
                fix: (fixer: { insertTextBefore(node: Node, text: string): unknown }) =>
                  fixer.insertTextBefore(value, "await "),
              },
            ]
          : [];
        context.report({ node: value, messageId: "promise", suggest });
      },
    };
  },
};
