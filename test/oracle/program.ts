/**
 * Programs as data, and how they are written in Go and in TypeScript.
 *
 * A statement names the things that it works on by index. Every program has the same ones, which the harness of each
 * language makes: channels `c`, of which number 0 is nil; gates, on which nothing is ever sent; contexts `x` with the
 * functions that end them, overwritten when a new one is derived; mutexes and an RWMutex; a Cond on the second mutex;
 * WaitGroups and Onces. `g` is the goroutine, which takes notes; `p` is the program.
 */

import { readFileSync } from "node:fs";

export interface Program {
  /** The style, which determines why the outcome does not depend on the schedule: see `generate.ts`. */
  readonly style: "conducted" | "network" | "pool";
  /** The capacities of the channels from number 1 on. */
  readonly capacities: readonly number[];
  /** The body of the main function. */
  readonly main: Body;
}

export type Body = readonly Statement[];

/** An entry of `testdata/statements.txt` with its parameters. */
export interface Statement {
  readonly do: string;
  readonly [parameter: string]: string | number | Body;
}

/** The numbers of objects that are the same for every program. */
export const [gates, contexts, stops] = [6, 5, 2];

export type Language = "go" | "ts";

const columns = { go: 0, ts: 1 } as const;
const statements = new Map(
  readFileSync(new URL("testdata/statements.txt", import.meta.url), "utf8")
    .replace(/^#.*\n/gm, "")
    .split("\n\n")
    .map((entry) => {
      const [head = "", ...lines] = entry.trim().split("\n");
      return [head.split(" ")[0], lines.map((line) => line.slice(2).split(/ *│ ?/))] as const;
    }),
);
/** The objects that every program declares. */
const things = "c, gate, x, cancel, cancelCause, end, keys, stop, mu, rw, cond, wg, once";

/** Writes a program as a function. */
export function write({ capacities, main }: Program, language: Language): string {
  let numbers = 0;

  function block(body: Body, part: string, indent: string): string[] {
    return body.flatMap((statement, i) => lines(statement, part, i, indent));
  }

  function lines(statement: Statement, part: string, i: number, indent: string): string[] {
    const name = statement.do + part;
    const texts = statements.get(name);
    if (texts === undefined) throw new Error(`testdata/statements.txt has no entry ${name}`);
    if (texts.flat().some((text) => text.includes("$n"))) numbers++;
    const n = numbers;
    return texts.flatMap((text) => {
      const line = text[columns[language]] ?? "";
      const [, inner = "", list, part = ""] = /^( *)\$(\w+)(\.\w+)?$/.exec(line) ?? [];
      if (list !== undefined) return block(statement[list] as Body, part, indent + inner);
      if (line === "") return [];
      return indent + line.replace(/\$(\w+)/g, (_, name: string) => String({ i, n, ...statement }[name]));
    });
  }

  const body = block(main, "", "  ").join("\n");
  return language === "go"
    ? `func(p *program, g *goroutine) {
  ${things} := p.things(${capacities.join(", ")})
  use(${things})
${body}
}`
    : `async (p, g) => {
  const { ${things} } = p.things(${capacities.join(", ")});
${body}
}`;
}

/**
 * Returns smaller variants of a program. Operations that count for a WaitGroup stay: without them the schedule would
 * matter.
 */
export function smaller(program: Program): Program[] {
  const { style, capacities } = program;
  return cuts(program.main).map((main) => ({ style, capacities, main }));
}

function cuts(body: Body): Statement[][] {
  const cut: Statement[][] = [];
  for (let size = body.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < body.length; from += size) {
      const without = body.slice(from, from + size);
      if (!without.some((it) => it.do === "wg.add" || it.do === "wg.wait")) {
        cut.push([...body.slice(0, from), ...body.slice(from + size)]);
      }
    }
  }
  for (const [i, statement] of body.entries()) {
    if (!Array.isArray(statement["body"])) continue;
    for (const inner of cuts(statement["body"])) cut.push(body.with(i, { ...statement, body: inner }));
  }
  return cut;
}
