import { child, children, docsOf, isFunction, nameOf, type Node, type Rule } from "../ast.ts";

/** A method `then`: `await` calls it, so a value of that class cannot be awaited or returned from an async function. */
export const noThenMethod: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("no-then-method", "Disallow methods called `then`"),
    schema: [],
    messages: {
      found:
        "`await` takes an object with a method `then` for a promise and calls it: a channel of such objects never delivers. Give it another name.",
    },
  },
  create(context) {
    /** A class that declares itself a promise is exempt. */
    const isPromise = (node: Node): boolean => {
      const owner = node.parent?.parent;
      return children(owner, "implements").some((each) => {
        const name = nameOf(child(each, "expression"));
        return name === "PromiseLike" || name === "Promise";
      });
    };
    const check = (node: Node): void => {
      if (node["computed"] === true || nameOf(child(node, "key")) !== "then") return;
      const isMethod = node.type === "MethodDefinition" || isFunction(child(node, "value"));
      if (isMethod && !isPromise(node)) context.report({ node, messageId: "found" });
    };
    return { MethodDefinition: check, PropertyDefinition: check, Property: check };
  },
};
