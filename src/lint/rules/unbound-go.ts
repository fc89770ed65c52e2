import { bare, callOf, child, children, docsOf, importsOf, nameOf, type Node, programOf, type Rule } from "../ast.ts";

/** The index of the argument that a function calls later. */
const callers: Readonly<Record<string, number>> = { go: 0, defer: 0, afterFunc: 1, do: 0, tryGo: 0 };

/** Built-in objects whose functions need no `this`. */
const bound = new Set(["console", "process"]);

/** `go(x.m)`: the method is called without its object. */
export const unboundGo: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("unbound-go", "Disallow handing a method to `go` or `defer` without its object"),
    schema: [],
    hasSuggestions: true,
    messages: {
      unbound:
        "`{{method}}` loses its object: Go's `go x.m(a)` is `go(() => {{method}}(…))`, with the arguments in variables if they change.",
      arrow: "Call it in a function.",
    },
  },
  create(context) {
    /** Tells whether a member of `this` is a field and not a method: a function in a field needs no object. */
    const isField = (method: Node): boolean => {
      const name = nameOf(child(method, "property"));
      let outer = method.parent ?? undefined;
      while (outer !== undefined && outer.type !== "ClassBody") outer = outer.parent ?? undefined;
      const members = children(outer, "body");
      return !members.some((each) => each?.type === "MethodDefinition" && nameOf(child(each, "key")) === name);
    };
    const isBound = (object: Node, method: Node, program: Node): boolean => {
      if (object.type === "Super") return false;
      if (object.type === "ThisExpression") return isField(method);
      const name = nameOf(object);
      if (name === undefined || object.type !== "Identifier") return false;
      const { namespaces, names } = importsOf(program);
      // A package's functions need no `this`: those of a namespace, and of gocsp's namespaces. Static methods of a
      // class rarely use `this`.
      if (/^[A-Z]/.test(name)) return true;
      return bound.has(name) || namespaces.has(name) || names.get(name) === "gocsp";
    };
    return {
      CallExpression(node) {
        const call = callOf(node);
        const index = callers[call?.name ?? ""];
        if (call === undefined || index === undefined) return;
        // `do` of a singleflight group has a key before the function.
        if (call.name === "do" && call.args.length > 1) return;
        // The object of the call is not checked: `group.go(x.m)` is wrong too. A function of the same name in another
        // library is reported as well.
        const method = bare(call.args[index]);
        if (method?.type !== "MemberExpression" || method["computed"] === true) return;
        const object = bare(child(method, "object"));
        if (object === undefined || isBound(object, method, programOf(node))) return;
        const text = context.sourceCode.getText(method);
        const rest = call.args.slice(index + 1);
        const suggest = rest.some((each) => each?.type === "SpreadElement")
          ? []
          : [
              {
                messageId: "arrow",
                fix: (fixer: { replaceTextRange(range: readonly [number, number], text: string): unknown }) => {
                  const end = rest.at(-1)?.range[1] ?? method.range[1];
                  const args = rest.map((each) => context.sourceCode.getText(each as Node)).join(", ");
                  return fixer.replaceTextRange([method.range[0], end], `() => ${text}(${args})`);
                },
              },
            ];
        context.report({ node: method, messageId: "unbound", data: { method: text }, suggest });
      },
    };
  },
};
