import {
  awaited,
  bare,
  callOf,
  child,
  children,
  docsOf,
  isUsing,
  nameOf,
  type Node,
  type Rule,
  some,
  waits,
} from "../ast.ts";

interface Section {
  readonly lock: Node;
  readonly waits: boolean;
}

/** A mutex whose critical sections never wait: there is one thread, so nothing can run in between anyway. */
export const needlessMutex: Rule = {
  meta: {
    type: "suggestion",
    docs: docsOf("needless-mutex", "Disallow mutexes whose sections never wait"),
    schema: [],
    messages: {
      needless:
        "No section of `{{mutex}}` in this file waits, so nothing can run in between: without the mutex the functions that take it can be synchronous.",
    },
  },
  create(context) {
    /** The critical sections of each mutex, by its name. */
    const sections = new Map<string, Section[]>();
    const add = (call: Node, waitsInside: boolean): void => {
      const object = bare(callOf(call)?.object);
      // `this.#mu` and `counter.mu` are the same mutex within one file.
      const name = object?.type === "MemberExpression" ? nameOf(child(object, "property")) : nameOf(object);
      if (name === undefined) return;
      const list = sections.get(name) ?? [];
      list.push({ lock: call, waits: waitsInside });
      sections.set(name, list);
    };

    return {
      AwaitExpression(node) {
        const call = callOf(awaited(node));
        if (call === undefined || (call.name !== "lock" && call.name !== "rLock") || call.object === undefined) return;
        add(call.node, sectionWaits(node, call.name));
      },
      "Program:exit"() {
        for (const [mutex, list] of sections) {
          if (list.some((section) => section.waits)) continue;
          for (const { lock } of list) context.report({ node: lock, messageId: "needless", data: { mutex } });
        }
      },
    };
  },
};

/** Tells whether the critical section may wait, judging by the enclosing block. If that is unclear, it may. */
function sectionWaits(lock: Node, name: string): boolean {
  let statement: Node | undefined = lock;
  while (statement?.parent !== undefined && statement.parent.type !== "BlockStatement")
    statement = statement.parent ?? undefined;
  const block = statement?.parent ?? undefined;
  if (statement === undefined || block === undefined) return true;
  const behind = children(block, "body").filter((each): each is Node => each !== undefined);
  const rest = behind.slice(behind.indexOf(statement) + 1);
  if (isUsing(statement)) return rest.some((each) => some(each, waits, true));
  const unlock = name === "lock" ? "unlock" : "rUnlock";
  const end = rest.findIndex((each) => callOf(child(each, "expression"))?.name === unlock);
  if (end < 0) return true;
  return rest.slice(0, end).some((each) => some(each, waits, true));
}
