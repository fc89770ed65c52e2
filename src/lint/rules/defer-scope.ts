import { callOf, child, children, docsOf, isUsing, type Node, type Rule } from "../ast.ts";

const loops = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"]);

/**
 * `using _ = defer(…)` in a branch or a loop: it runs at the end of that block; Go's `defer` runs at the end of the
 * function.
 */
export const deferScope: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("defer-scope", "Disallow deferred calls in the blocks of branches and loops"),
    schema: [],
    messages: {
      branch:
        "This deferred call runs at the end of the branch, not of the function as in Go: use a DisposableStack of the function, or `finally`.",
      loop: "This deferred call runs at the end of each turn of the loop, not of the function as in Go: use a DisposableStack of the function, or make the body a function if this is what you want.",
    },
  },
  create(context) {
    const kindOfBlock = (declaration: Node): "branch" | "loop" | undefined => {
      const block = declaration.parent ?? undefined;
      const outer = block?.type === "BlockStatement" ? block.parent : undefined;
      if (outer === undefined) return undefined;
      return loops.has(outer.type)
        ? "loop"
        : outer.type === "IfStatement" || outer.type === "SwitchCase"
          ? "branch"
          : undefined;
    };
    return {
      VariableDeclaration(node) {
        if (!isUsing(node)) return;
        const calls = children(node, "declarations").map((each) => callOf(child(each, "init")));
        if (!calls.some((call) => call?.name === "defer" && call.object === undefined)) return;
        const kind = kindOfBlock(node);
        if (kind !== undefined) context.report({ node, messageId: kind });
      },
    };
  },
};
