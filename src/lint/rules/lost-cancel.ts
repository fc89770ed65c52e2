import { bare, callOf, child, children, docsOf, nameOf, type Node, type Rule } from "../ast.ts";

const makers = new Set([
  "withCancel",
  "withCancelCause",
  "withDeadline",
  "withDeadlineCause",
  "withTimeout",
  "withTimeoutCause",
  "notifyContext",
]);

/**
 * A context whose cancel function is not kept: the context stays registered with its parent until that ends. As in Go's
 * `vet`, a call whose results are both discarded is allowed: it may be there for its panic.
 */
export const lostCancel: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("lost-cancel", "Require that the cancel function of a context is kept and used"),
    schema: [],
    messages: {
      lost: "The cancel function of `{{name}}` is thrown away, so the context stays with its parent: write `const [ctx, cancel] = …; using _ = cancel;`.",
      unused: "`{{name}}` is never called: write `using _ = {{name}}`.",
    },
  },
  create(context) {
    /** Returns the name of the called function if a node derives a context. */
    const makerOf = (node: Node | undefined): string | undefined => {
      const call = callOf(node);
      if (call === undefined || !makers.has(call.name)) return undefined;
      const object = nameOf(bare(call.object));
      return call.object === undefined || object === "context" || object === "signal" ? call.name : undefined;
    };

    return {
      MemberExpression(node) {
        const name = makerOf(child(node, "object"));
        if (name !== undefined && child(node, "property")?.["value"] === 0) {
          context.report({ node, messageId: "lost", data: { name } });
        }
      },
      VariableDeclarator(node) {
        const name = makerOf(child(node, "init"));
        const pattern = child(node, "id");
        if (name === undefined || pattern?.type !== "ArrayPattern") return;
        const [, cancel] = children(pattern, "elements");
        if (cancel === undefined) {
          context.report({ node, messageId: "lost", data: { name } });
          return;
        }
        const variable = context.sourceCode.getDeclaredVariables(node).find((each) => each.name === nameOf(cancel));
        if (variable !== undefined && !variable.references.some((reference) => reference.isRead())) {
          context.report({ node: cancel, messageId: "unused", data: { name: variable.name } });
        }
      },
    };
  },
};
