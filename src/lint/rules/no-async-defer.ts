import {
  bare,
  callOf,
  child,
  children,
  docsOf,
  isFunction,
  mayAwait,
  nameOf,
  type Node,
  programOf,
  type Rule,
  walk,
} from "../ast.ts";

/** `using _ = defer(async …)`: nothing waits for the deferred function. */
export const noAsyncDefer: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("no-async-defer", "Require `await using` for deferred functions that wait"),
    schema: [],
    fixable: "code",
    messages: {
      await: "The deferred function is async and nothing waits for it: write `await using`.",
      outer: "The deferred function is async, and the function around it is not, so nothing can wait for it.",
    },
  },
  create(context) {
    /** Tells whether a function is async: a function expression, or a name of a function declared in this module. */
    const isAsync = (f: Node | undefined): boolean => {
      if (isFunction(f)) return f?.["async"] === true;
      const name = f?.type === "Identifier" ? nameOf(f) : undefined;
      let found = false;
      if (f !== undefined && name !== undefined) {
        walk(programOf(f), (node) => {
          const isDeclaration = node.type === "FunctionDeclaration" && nameOf(child(node, "id")) === name;
          if (isDeclaration && node["async"] === true) found = true;
          return !found;
        });
      }
      return found;
    };
    return {
      VariableDeclaration(node) {
        if (node["kind"] !== "using") return;
        for (const declarator of children(node, "declarations")) {
          const call = callOf(child(declarator, "init"));
          if (call?.name !== "defer" || call.object !== undefined || !isAsync(bare(call.args[0]))) continue;
          if (mayAwait(node)) {
            context.report({ node, messageId: "await", fix: (fixer) => fixer.insertTextBefore(node, "await ") });
          } else context.report({ node, messageId: "outer" });
        }
      },
    };
  },
};
