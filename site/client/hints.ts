/** Types while one writes: completions, what a name is, and what the compiler complains about. Loaded when asked for. */

import { type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { javascriptLanguage, typescriptLanguage } from "@codemirror/lang-javascript";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { withBase } from "vitepress";
import type { HintReply, HintRequest } from "./hints-worker.ts";

const kinds: Readonly<Record<string, string>> = {
  function: "function",
  method: "method",
  const: "constant",
  let: "variable",
  var: "variable",
  class: "class",
  interface: "interface",
  type: "type",
  alias: "namespace",
  module: "namespace",
  property: "property",
  keyword: "keyword",
};

export async function hints(): Promise<Extension> {
  const url = (path: string): string => new URL(withBase(path), location.href).href;
  const worker = new Worker(url("/hints.js"));
  const waiting = new Map<number, (reply: HintReply) => void>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<HintReply>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  const ask = (request: Omit<HintRequest, "id">): Promise<HintReply> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      worker.postMessage({ id, ...request });
    });
  await ask({ type: "load", text: "", at: 0, url: url("/hints.json") });

  const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w$]*/);
    const after = context.matchBefore(/\.\s*[\w$]*/);
    if (after === null && (word === null || word.from === word.to) && !context.explicit) return null;
    const { completions = [] } = await ask({ type: "complete", text: context.state.doc.toString(), at: context.pos });
    if (context.aborted) return null;
    return {
      from: word?.from ?? context.pos,
      options: completions.map(({ label, kind }) => ({ label, type: kinds[kind] ?? "text" })),
      validFor: /^[\w$]*$/,
    };
  };
  return [
    typescriptLanguage.data.of({ autocomplete: complete }),
    javascriptLanguage.data.of({ autocomplete: complete }),
    hoverTooltip(async (view, at) => {
      const { description } = await ask({ type: "describe", text: view.state.doc.toString(), at });
      if (description === undefined) return null;
      return {
        pos: description.from,
        end: description.to,
        create: () => {
          const dom = document.createElement("pre");
          dom.className = "hint";
          dom.textContent = description.text;
          return { dom };
        },
      };
    }),
    lintGutter(),
    linter(async (view): Promise<Diagnostic[]> => {
      const { problems = [] } = await ask({ type: "check", text: view.state.doc.toString(), at: 0 });
      const { length } = view.state.doc;
      return problems.map(({ from, to, message }) => ({
        from: Math.min(from, length),
        to: Math.min(to, length),
        severity: "error",
        message,
      }));
    }),
  ];
}
