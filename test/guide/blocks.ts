import { readFileSync } from "node:fs";

/** A block of TypeScript in the guide, by the comment before it: `<!-- program: server.ts -->` or `<!-- part: stream -->`. */
export interface Block {
  /** The file of the program, or the name of the part. */
  readonly name: string;
  readonly file: string;
  readonly isProgram: boolean;
  readonly code: string;
}

const guide: string = readFileSync(new URL("../../docs/cancel-real-work.md", import.meta.url), "utf8");

/** Returns the blocks of the guide in their order; those without a comment are called after their line. */
export function blocks(): Block[] {
  return [...guide.matchAll(/^(?:<!-- (program|part): ([\w.-]+) -->\n)?```ts\n([\s\S]*?)^```$/gm)].map(
    ({ 1: kind, 2: name = "", 3: code = "", index }) => {
      const isProgram = kind === "program";
      const file = kind === undefined ? `line-${guide.slice(0, index).split("\n").length}.ts` : `part-${name}.ts`;
      return { name, file: isProgram ? name : file, isProgram, code };
    },
  );
}

/** Returns the code of the block with this name. */
export function codeOf(name: string): string {
  const found = blocks().find((block) => block.name === name);
  if (found === undefined) throw new Error(`the guide has no block ${name}`);
  return found.code;
}

const imports = `
import { context, type Context, errors, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as http from "gocsp/http";
import { PostgresError } from "gocsp/sql/postgres";
import { pipeline } from "node:stream/promises";
import { albumsBy, db } from "./albums.ts";
`;

/** What the parts of programs take for granted. */
const assumed = `
import type { Express } from "express";
import type { ServerResponse } from "node:http";
declare const app: Express;
declare const ctx: Context;
declare const res: ServerResponse;
`;

/** Returns the module to compile for a block. */
export function moduleOf({ isProgram, code }: Block): string {
  return isProgram ? code : `${imports}${assumed}export async function part() {\n${code}}\n`;
}

/** Returns a server whose handler is a part of a program, and answers "done" if that does not answer. */
export function serverOf(part: string): string {
  const handler = `async (ctx, req, res) => {\n{ ${part} }\nif (!res.headersSent) res.end("done");\n}`;
  return `import { createServer } from "node:http";${imports}
createServer(http.handler(${handler})).listen(Number(process.env.PORT));
`;
}
