/** Where each name of the API is told: names in the guides' prose lead there. */

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** A module of the reference: `gocsp/chan`, and its page there. */
export interface ApiPage {
  readonly name: string;
  readonly page: string;
}

interface Place {
  readonly module: string;
  readonly page: string;
  readonly anchor: string;
}

/** What a text is about: what its programs import, and the modules that it names. */
export interface Subject {
  readonly imported: ReadonlyMap<string, string>;
  readonly modules: ReadonlySet<string>;
}

/** Turns a name of the API, as prose has it, into `page.md#anchor` below the reference. */
export type Lookup = (code: string, subject: Subject) => string | undefined;

/** What prose calls the values that have no name of their own. */
const usual: Readonly<Record<string, string>> = {
  ch: "Chan",
  ctx: "Context",
  db: "DB",
  g: "Group",
  group: "Group",
  mu: "Mutex",
  tx: "Tx",
  wg: "WaitGroup",
};

const listed = /^## (Classes|Interfaces|Type Aliases|Variables|Functions|Enumerations)$/;
const ofMembers = /^#### (Methods|Properties|Accessors)$/;

interface Told {
  readonly name: string;
  readonly anchor: string;
  /** The class or interface that it is a member of. */
  readonly owner?: string;
}

/** Reads what a page of the reference tells, with the anchors that the generator gives its headings. */
function symbolsOf(text: string): Told[] {
  const found: Told[] = [];
  const taken = new Set<string>();
  let [listing, owner, inside] = [false, "", false];
  for (const line of text.replaceAll(/^```[\s\S]*?^```/gm, "").split("\n")) {
    const [, level, heading] = /^(#{2,6}) (.+)$/.exec(line) ?? [];
    if (level === undefined || heading === undefined) continue;
    const name = heading.replaceAll("\\", "").replace(/\(\)$|\?$/, "");
    const anchor = unique(slug(heading), taken);
    if (level === "##") listing = listed.test(line);
    else if (level === "###") [owner, inside] = [listing ? name : "", false];
    else if (level === "####") inside = ofMembers.test(line);
    if (!listing || !/^[A-Za-z_$][\w$]*$/.test(name)) continue;
    if (level === "###") found.push({ name, anchor });
    else if (level === "#####" && inside && owner !== "") found.push({ name, anchor, owner });
  }
  return found;
}

/**
 * Mends the links between the pages of the reference: its writer counts anchors otherwise than the generator does. `read`
 * returns the text of a page.
 */
export function anchorsMended(text: string, page: string, read: (page: string) => string): string {
  const known = new Map<string, Map<string, string>>();
  const anchorsOf = (page: string): Map<string, string> => {
    let anchors = known.get(page);
    if (anchors === undefined) {
      const symbols = symbolsOf(read(page)).filter(({ owner }) => owner === undefined);
      known.set(page, (anchors = new Map(symbols.map(({ name, anchor }) => [name, anchor]))));
    }
    return anchors;
  };
  return text.replace(
    /\[(`?)([\w$]+)\1\]\(([\w./-]*\.md)?#([\w-]+)\)/g,
    (whole, mark: string, name: string, path = "") => {
      const anchor = anchorsOf(path === "" ? page : posix.join(posix.dirname(page), path)).get(name);
      return anchor === undefined ? whole : `[${mark}${name}${mark}](${path}#${anchor})`;
    },
  );
}

/** Reads the pages of the reference, whose anchors are those that the generator gives its headings. */
export function lookupIn(folder: string, pages: readonly ApiPage[]): Lookup {
  const names = new Map<string, Place[]>();
  const members = new Map<string, Place[]>();
  const owners = new Map<string, string[]>();
  const add = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  for (const { name: module, page } of pages) {
    const path = join(folder, `${page}.md`);
    if (!existsSync(path)) continue;
    for (const { name, anchor, owner } of symbolsOf(readFileSync(path, "utf8"))) {
      const place = { module, page, anchor };
      if (owner === undefined) add(names, name, place);
      else {
        add(members, `${owner}.${name}`, place);
        add(owners, name, owner);
      }
    }
  }
  const link = (place: Place | undefined): string | undefined =>
    place === undefined ? undefined : `${place.page}.md#${place.anchor}`;
  /** What the library has beside Go's packages comes first. */
  const best = (places: readonly Place[], ends = ""): Place | undefined => {
    const fitting = places.filter(({ module }) => module.endsWith(ends));
    const own = fitting.filter(({ module }) => !module.startsWith("gocsp/golib"));
    const left = own.length > 0 ? own : fitting;
    return left.length === 1 || ends !== "" ? left[0] : undefined;
  };
  return (code, { imported, modules }) => {
    const [, path = "", called] =
      /^(?:await |new |using )*([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?)(\(.*\))?$/.exec(code) ?? [];
    const [first = "", second] = path.split(".");
    if (second === undefined) {
      const places = names.get(first) ?? [];
      const from = imported.get(first);
      if (from !== undefined)
        return link(places.find(({ module }) => module === from) ?? (from === "gocsp" ? best(places) : undefined));
      // JavaScript's own is meant, or a variable, or a method of whatever the text is about.
      if (first in globalThis || first.length === 1) return undefined;
      const told = /^[A-Z]|[a-z][A-Z]/.test(first);
      if (!told && called === undefined) return undefined;
      const own = owners.get(first) ?? [];
      if (own.length === 0) return link(best(told ? places : places.filter(({ module }) => modules.has(module))));
      const held = own.flatMap((owner) => members.get(`${owner}.${first}`) ?? []);
      const one = places.length === 0 && new Set(held.map(({ page }) => page)).size === 1;
      return one && (told || modules.has(held[0]?.module ?? "")) ? link(held[0]) : undefined;
    }
    const inModule = best(names.get(second) ?? [], `/${first}`);
    if (inModule !== undefined) return link(inModule);
    const owner = [first, usual[first] ?? "", `${first[0]?.toUpperCase()}${first.slice(1)}`].find((one) =>
      members.has(`${one}.${second}`),
    );
    const places = owner === undefined ? [] : (members.get(`${owner}.${second}`) ?? []);
    return link(best(places) ?? places[0]);
  };
}

/** Reads what a text is about. */
export function subjectOf(text: string): Subject {
  const imported = new Map<string, string>();
  for (const [, list = "", module = ""] of text.matchAll(/\bimport (?:type )?\{([^}]*)\} from "([^"]*)"/g)) {
    for (const name of list.split(",")) imported.set(name.replace(/\b(?:type|as [\w$]+)\b/g, "").trim(), module);
  }
  return { imported, modules: new Set(text.match(/\bgocsp(?:\/[a-z]+)*/g)) };
}

function slug(text: string): string {
  return text
    .replaceAll(/[^A-Za-z\d]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .replace(/^(\d)/, "_$1")
    .toLowerCase();
}

function unique(anchor: string, taken: Set<string>): string {
  let found = anchor;
  for (let i = 1; taken.has(found); i++) found = `${anchor}-${i}`;
  taken.add(found);
  return found;
}
