import {
  awaited,
  bare,
  callOf,
  child,
  docsOf,
  functionAround,
  nameOf,
  type Node,
  programOf,
  type Rule,
  walk,
} from "../ast.ts";

const unlocks: Readonly<Record<string, string>> = { lock: "unlock", rLock: "rUnlock" };

/** `await mu.lock()` without an unlock: neither `using`, nor a call of `unlock` in the same function or class. */
export const lockedUsing: Rule = {
  meta: {
    type: "problem",
    docs: docsOf("locked-using", "Require that a lock is held by `using`, or unlocked in the same function or class"),
    schema: [],
    hasSuggestions: true,
    messages: {
      never: "`{{mutex}}` is locked here and nothing unlocks it: write `using _ = await {{mutex}}.{{lock}}()`.",
      using: "Hold the lock by `using`: it is unlocked at the end of the block.",
    },
  },
  create(context) {
    const text = (node: Node): string => context.sourceCode.getText(node);

    /** Where a lock may be unlocked: the function around it, or the class if the mutex is a field. */
    const scopeOf = (lock: Node, mutex: string): Node => {
      if (!mutex.startsWith("this.")) return functionAround(lock) ?? programOf(lock);
      let outer = lock;
      while (outer.type !== "ClassBody" && outer.parent !== undefined && outer.parent !== null) outer = outer.parent;
      return outer;
    };

    /** Tells whether the scope contains an unlock of this mutex, possibly in a deferred function. */
    const isUnlocked = (lock: Node, mutex: string, unlock: string): boolean => {
      let found = false;
      walk(scopeOf(lock, mutex), (node) => {
        // A method passed as a value is assumed to be called: `defer(mu.unlock)`, `t.cleanup(mu.unlock)`.
        if (node.type === "MemberExpression" && nameOf(child(node, "property")) === unlock) {
          const object = bare(child(node, "object"));
          if (object !== undefined && text(object) === mutex) found = true;
        }
        return !found;
      });
      return found;
    };

    const check = (lock: Node, statement: Node, kind: "using" | "using _ = "): void => {
      const call = callOf(awaited(lock));
      const unlock = unlocks[call?.name ?? ""];
      const object = bare(call?.object);
      if (call === undefined || unlock === undefined || object === undefined) return;
      const mutex = text(object);
      if (isUnlocked(lock, mutex, unlock)) return;
      context.report({
        node: lock,
        messageId: "never",
        data: { mutex, lock: call.name },
        suggest: [
          {
            messageId: "using",
            fix: (fixer) =>
              kind === "using"
                ? fixer.replaceTextRange(
                    [statement.range[0], statement.range[0] + String(statement["kind"]).length],
                    kind,
                  )
                : fixer.insertTextBefore(statement, kind),
          },
        ],
      });
    };

    return {
      ExpressionStatement(node) {
        const expression = child(node, "expression");
        if (expression !== undefined) check(expression, node, "using _ = ");
      },
      VariableDeclarator(node) {
        const declaration = node.parent ?? undefined;
        const init = child(node, "init");
        // If its name is not `_`, the locked mutex may be disposed of by hand.
        const isPlain = ["const", "let", "var"].includes(String(declaration?.["kind"]));
        if (declaration === undefined || init === undefined || !isPlain) return;
        if (/^_\d*$/.test(nameOf(child(node, "id")) ?? "")) check(init, declaration, "using");
      },
    };
  },
};
