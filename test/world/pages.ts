/** The programs of a page of docs/, as a project of their own in which they are compiled and run. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaintsAbout, projectOf } from "../guide/project.ts";

/** A page, and the folder in which its programs are. */
export interface Page {
  /** The code of a program. */
  codeOf(name: string): string;
  /** Where the programs are; to be asked within a test. */
  readonly folder: string;
  /** Writes a module beside the programs, and returns its name. */
  write(name: string, code: string): string;
}

/** Returns the programs of a page by name, and how many blocks have none. */
export function codesOf(page: string): { readonly programs: ReadonlyMap<string, string>; readonly unnamed: number } {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const programs = new Map<string, string>();
  let unnamed = 0;
  for (const [, name, code = ""] of text.matchAll(/^(?:<!-- program: ([\w.-]+) -->\n)?```ts\n([\s\S]*?)^```$/gm)) {
    if (name === undefined) unnamed++;
    else programs.set(name, code);
  }
  return { programs, unnamed };
}

/**
 * Makes the programs of a page, those with a comment `<!-- program: name.ts -->`, and checks in a group of tests that they
 * compile and that all blocks of TypeScript are such programs.
 */
export function programsOf(page: string, helpers: Readonly<Record<string, string>> = {}): Page {
  const { programs, unnamed } = codesOf(page);
  let folder = "";
  beforeAll(() => {
    folder = projectOf(import.meta.dirname, { ...helpers, ...Object.fromEntries(programs) });
  }, 300_000);
  afterAll(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  describe(`in docs/${page}`, () => {
    test("every program compiles, against the types that its packages publish", { timeout: 300_000 }, () => {
      expect(Object.fromEntries(complaintsAbout(folder))).toEqual({});
    });

    test("every block of TypeScript is a program with a name", () => {
      expect(unnamed).toBe(0);
      expect(programs.size).toBeGreaterThan(0);
    });
  });

  return {
    get folder() {
      return folder;
    },
    codeOf(name) {
      const code = programs.get(name);
      if (code === undefined) throw new Error(`docs/${page} has no program ${name}`);
      return code;
    },
    write(name, code) {
      writeFileSync(join(folder, name), code);
      return name;
    },
  };
}

/** Alters a text, and makes sure that there was something to alter. */
export function altered(code: string, from: string, to: string): string {
  if (!code.includes(from)) throw new Error(`nothing to replace: ${from} is not in\n${code}`);
  return code.replace(from, to);
}
