import { callOf, child, docsOf, importsOf, nameOf, type Node, programOf, type Rule, some } from "../ast.ts";

/** Code in a `catch` that distinguishes `goexit` from a panic, or rethrows it. */
const tells = new Set(["isGoexit", "recover", "recovered", "rethrow"]);

/** A `catch` that rethrows nothing, in a module that ends goroutines with `goexit`. */
export const catchGoexit: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("catch-goexit", "Disallow catch blocks that swallow `goexit`"),
    schema: [],
    messages: {
      swallows:
        "This catch block also catches `goexit()`, and the goroutine goes on: throw on what you do not know, or end with an error instead of `goexit`.",
    },
  },
  create(context) {
    /** Tells whether a module ends goroutines this way: with `goexit` itself, or with `t.fatal` of golib's tests. */
    const leaves = (program: Node): { goexit: boolean; fatal: boolean } => {
      const { names, namespaces } = importsOf(program);
      const goexit = /^gocsp(?:\/runtime)?$/.test(names.get("goexit") ?? "");
      const fatal = namespaces.has("testing") && context.sourceCode.text.includes("gocsp/golib/testing");
      return { goexit, fatal };
    };
    const exits = /^(?:goexit|fatal|fatalf|failNow|skip|skipf|skipNow)$/;
    return {
      TryStatement(node) {
        const handler = child(node, "handler");
        const body = child(node, "block");
        if (handler === undefined || body === undefined) return;
        const { goexit, fatal } = leaves(programOf(node));
        if (!goexit && !fatal) return;
        const mayExit = some(body, (inner) => {
          const call = callOf(inner);
          if (call === undefined) return inner.type === "AwaitExpression" && goexit;
          return call.object === undefined ? goexit && call.name === "goexit" : fatal && exits.test(call.name);
        });
        const isKnown = some(
          handler,
          (inner) => inner.type === "ThrowStatement" || tells.has(callOf(inner)?.name ?? nameOf(inner) ?? ""),
        );
        if (mayExit && !isKnown) {
          context.report({ node: handler, messageId: "swallows" });
        }
      },
    };
  },
};
