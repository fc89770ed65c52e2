/** The worker that knows types: TypeScript's language service over the program and the library's declarations. */

import ts from "typescript";

export interface HintRequest {
  readonly id: number;
  readonly type: "load" | "complete" | "describe" | "check";
  readonly text: string;
  readonly at: number;
  /** Of the request `load`: where the declarations are. */
  readonly url?: string;
}

export interface HintReply {
  readonly id: number;
  readonly completions?: readonly { readonly label: string; readonly kind: string }[];
  readonly description?: { readonly text: string; readonly from: number; readonly to: number };
  readonly problems?: readonly { readonly from: number; readonly to: number; readonly message: string }[];
}

let files = new Map<string, string>();
let paths: Record<string, string[]> = {};
let text = "";
let version = 0;
const main = "/main.ts";

const service = ts.createLanguageService({
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.esnext.d.ts"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    paths,
  }),
  getScriptFileNames: () => [main, "/globals.d.ts"],
  getScriptVersion: (file) => (file === main ? String(version) : "1"),
  getScriptSnapshot: (file) => {
    const found = file === main ? text : files.get(file);
    return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
  },
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => "/lib/lib.esnext.d.ts",
  fileExists: (file) => file === main || files.has(file),
  readFile: (file) => (file === main ? text : files.get(file)),
  directoryExists: () => true,
  getDirectories: () => [],
});

async function answer({ id, type, text: now, at, url }: HintRequest): Promise<HintReply> {
  if (type === "load") {
    const loaded = (await (await fetch(url ?? "")).json()) as {
      files: Record<string, string>;
      paths: Record<string, string[]>;
    };
    files = new Map(Object.entries(loaded.files));
    paths = loaded.paths;
    return { id };
  }
  if (now !== text) {
    text = now;
    version++;
  }
  if (type === "complete") {
    const found = service.getCompletionsAtPosition(main, at, {});
    return { id, completions: (found?.entries ?? []).slice(0, 300).map(({ name, kind }) => ({ label: name, kind })) };
  }
  if (type === "describe") {
    const found = service.getQuickInfoAtPosition(main, at);
    if (found === undefined) return { id };
    const { start, length } = found.textSpan;
    const signature = ts.displayPartsToString(found.displayParts);
    const said = ts.displayPartsToString(found.documentation).split("\n\n")[0] ?? "";
    return {
      id,
      description: { text: said === "" ? signature : `${signature}\n\n${said}`, from: start, to: start + length },
    };
  }
  const problems = [...service.getSyntacticDiagnostics(main), ...service.getSemanticDiagnostics(main)].slice(0, 50);
  return {
    id,
    problems: problems.map(({ start = 0, length = 0, messageText }) => ({
      from: start,
      to: start + length,
      message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    })),
  };
}

const scope = globalThis as unknown as {
  onmessage: (event: { data: HintRequest }) => void;
  postMessage(reply: HintReply): void;
};
scope.onmessage = ({ data }) => {
  answer(data).then(
    (reply) => scope.postMessage(reply),
    () => scope.postMessage({ id: data.id }),
  );
};
