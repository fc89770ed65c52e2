/**
 * Makes the built folder work under any path. The generator wants to know the path when it builds; it is given a mark
 * instead, and here each mark becomes what leads from the page to the root: relative in HTML and CSS, and found at run time
 * in scripts.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { tokenizer } from "acorn";

export const mark = "/__GOCSP_BASE__/";

/** The path of the root at run time: the first script of each page finds it. */
const variable = "globalThis.__gocspBase";

/** Rewrites the strings of a script that contain the mark: their parts are put together at run time. */
export function relativeScript(code: string, kind: "module" | "script" = "module"): string {
  if (!code.includes(mark)) return code;
  let text = "";
  let from = 0;
  for (const token of tokenizer(code, { ecmaVersion: "latest", sourceType: kind, allowHashBang: true })) {
    const raw = code.slice(token.start, token.end);
    if (!raw.includes(mark)) continue;
    text += code.slice(from, token.start);
    from = token.end;
    const quote = raw[0];
    if (token.type.label === "template") text += raw.replaceAll(mark, `\${${variable}}`);
    else if (quote === '"' || quote === "'") text += `(${raw.replaceAll(mark, `${quote}+${variable}+${quote}`)})`;
    else throw new Error(`the mark is in what is no string: ${raw.slice(0, 80)}`);
  }
  const result = text + code.slice(from);
  if (result.includes(mark)) throw new Error("a mark is left in a script");
  return result;
}

/** Rewrites a page that is `depth` folders below the root. */
export function relativePage(html: string, depth: number): string {
  const up = depth === 0 ? "./" : "../".repeat(depth);
  // Links that the page was built with are made absolute before the application takes over: it stays when the path changes.
  const first = `<script>${variable}=new URL(${JSON.stringify(up)},location.href).pathname</script>`;
  const last =
    "<script>for(const[s,a]of[['a[href]','href'],['img[src]','src'],['link[href]','href']])" +
    "for(const e of document.querySelectorAll(s)){const v=e.getAttribute(a);" +
    "if(/^\\.\\.?\\//.test(v)){const u=new URL(v,location.href);e.setAttribute(a,u.pathname+u.search+u.hash)}}</script>";
  const scripted = html.replace(
    /(<script(?![^>]*\bsrc=)[^>]*>)([\s\S]*?)(<\/script>)/g,
    (_, open: string, code: string, close: string) => {
      return (
        open +
        (/application\/(ld\+)?json/.test(open)
          ? code
          : relativeScript(code, open.includes("module") ? "module" : "script")) +
        close
      );
    },
  );
  return scripted.replaceAll(mark, up).replace("<head>", `<head>${first}`).replace("</body>", `${last}</body>`);
}

/** Is served at any depth, so it asks for nothing: what it asked for would not be found either. */
const missing = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not found | gocsp</title>
<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem}button{font:inherit;padding:.3rem 1rem}</style>
</head>
<body><main><h1>Not found</h1><p>There is no such page here. The address may have a slip, or the page has moved.</p><p><button onclick="history.back()">Go back</button></p></main></body>
</html>
`;

/** Rewrites all of a built folder. */
export function makeRelative(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const depth = relative(folder, entry.parentPath)
      .split("/")
      .filter((part) => part !== "").length;
    if (depth === 0 && entry.name === "404.html") writeFileSync(path, missing);
    else if (entry.name.endsWith(".html")) writeFileSync(path, relativePage(readFileSync(path, "utf8"), depth));
    else if (entry.name.endsWith(".css")) {
      const css = readFileSync(path, "utf8");
      if (css.includes(mark)) writeFileSync(path, css.replaceAll(mark, depth === 0 ? "./" : "../".repeat(depth)));
    } else if (/\.m?js$/.test(entry.name)) {
      const code = readFileSync(path, "utf8");
      if (code.includes(mark)) writeFileSync(path, relativeScript(code));
    }
  }
}
