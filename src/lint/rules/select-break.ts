import { child, children, docsOf, nameOf, type Node, type Rule } from "../ast.ts";

/** A case of a `switch` over a select that falls through to the next one: Go's cases do not. */
export const selectBreak: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("select-break", "Require an end for each case of a select"),
    schema: [],
    hasSuggestions: true,
    messages: {
      through: "This case runs into the next one; Go's cases do not. End it with `break`.",
      break: "End the case with `break`.",
    },
  },
  create(context) {
    return {
      SwitchStatement(node) {
        const subject = child(node, "discriminant");
        if (subject?.type !== "MemberExpression" || nameOf(child(subject, "property")) !== "case") return;
        const cases = children(node, "cases").filter((each): each is Node => each !== undefined);
        cases.forEach((each, i) => {
          const next = cases[i + 1];
          const body = children(each, "consequent").filter((statement): statement is Node => statement !== undefined);
          const last = body.at(-1);
          if (next === undefined || last === undefined || ends(last)) return;
          if (/falls?\s?through/i.test(context.sourceCode.text.slice(last.range[1], next.range[0]))) return;
          context.report({
            node: each,
            messageId: "through",
            suggest: [{ messageId: "break", fix: (fixer) => fixer.insertTextAfter(last, " break;") }],
          });
        });
      },
    };
  },
};

const leaving = new Set(["BreakStatement", "ContinueStatement", "ReturnStatement", "ThrowStatement"]);

/** Tells whether the code after a statement is unreachable. */
function ends(statement: Node): boolean {
  if (leaving.has(statement.type)) return true;
  switch (statement.type) {
    case "BlockStatement":
      return children(statement, "body").some((each) => each !== undefined && ends(each));
    case "IfStatement": {
      const [yes, no] = [child(statement, "consequent"), child(statement, "alternate")];
      return yes !== undefined && no !== undefined && ends(yes) && ends(no);
    }
    case "TryStatement": {
      const finalizer = child(statement, "finalizer");
      if (finalizer !== undefined && ends(finalizer)) return true;
      const handler = child(child(statement, "handler"), "body");
      return ends(child(statement, "block") as Node) && (handler === undefined || ends(handler));
    }
    case "LabeledStatement":
      return ends(child(statement, "body") as Node);
    case "ForStatement":
      return child(statement, "test") === undefined;
    case "WhileStatement":
      return child(statement, "test")?.["value"] === true;
    default:
      return false;
  }
}
