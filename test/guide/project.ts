/** The guide's programs as a project of their own, outside of the repository, with the packages that they import. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installOnce, root, run } from "../../scripts/project.ts";
import { blocks, moduleOf } from "./blocks.ts";

/**
 * Takes the place of the client that Prisma generates, whose generator is too large to install: it gives the adapter the
 * statement that the generated one sends. What the guide says of Prisma is in the adapter and in the pool below it.
 */
const prismaClient = `
import type { PrismaPg } from "@prisma/adapter-pg";

interface Query {
  where: { artist: string };
  select: { title: true; price: true };
}

export class PrismaClient {
  readonly album: { findMany(query: Query): Promise<{ title: unknown; price: unknown }[]> };

  constructor({ adapter }: { adapter: PrismaPg }) {
    const connected = adapter.connect();
    this.album = {
      async findMany({ where }) {
        const { rows } = await (await connected).queryRaw({
          sql: 'SELECT "title", "price" FROM "album" WHERE "artist" = $1',
          args: [where.artist],
          argTypes: [{ scalarType: "string", arity: "scalar" }],
        });
        return rows.map(([title, price]) => ({ title, price }));
      },
    };
  }
}
`;

const compilerOptions = {
  target: "ES2022",
  lib: ["ESNext"],
  module: "NodeNext",
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  erasableSyntaxOnly: true,
  // Nest's.
  experimentalDecorators: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ["node"],
  // The declarations of some of the packages name others that are not installed.
  skipLibCheck: true,
};

/** Writes all blocks into a new folder, which the caller removes, and returns it. */
export function makeProject(): string {
  const files: Record<string, string> = { "generated/prisma/client.ts": prismaClient };
  for (const block of blocks()) files[block.file] = moduleOf(block);
  return projectOf(import.meta.dirname, files);
}

/**
 * Writes files into a new folder, which the caller removes, and returns it: with the packages of this project, with gocsp
 * as it was built, and with those that the manifest in `packages` names.
 */
export function projectOf(packages: string, modules: Readonly<Record<string, string>>): string {
  installOnce(packages);
  const folder = mkdtempSync(join(tmpdir(), "gocsp-guide-"));
  // The last one wins: packages that only the guide needs must see the same copy of pg as its programs do.
  link(join(root, "node_modules"), join(folder, "node_modules"));
  link(join(packages, "node_modules"), join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "gocsp"), "junction");
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ name: "albums", private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["**/*.ts"] }),
    ...modules,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Links every package of one `node_modules` into another one. */
function link(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith(".")) continue;
    if (name.startsWith("@")) link(join(from, name), join(to, name));
    else linkOne(join(from, name), join(to, name));
  }
}

function linkOne(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(to)) rmSync(to);
  symlinkSync(from, to, "junction");
}

/** Compiles a project, and returns the compiler's complaints by file. */
export function complaintsAbout(folder: string): Map<string, string[]> {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout, stderr } = run(process.execPath, [tsc, "--pretty", "false", "-p", folder], folder);
  const complaints = new Map<string, string[]>();
  for (const line of `${stdout}${stderr}`.split("\n").filter((line) => line !== "")) {
    const file = /^([\w./-]+)\(\d+,\d+\)/.exec(line)?.[1] ?? "";
    complaints.set(file, [...(complaints.get(file) ?? []), line]);
  }
  return complaints;
}
