// Runs the smoke suite in headless Chromium: from the unchanged files of the tarball with an import map, and bundled,
// as in most pages.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, extname, join } from "node:path";
import { build } from "vite";

/** The part of playwright-core that is used here; its own types are there only after the runtimes are installed. */
interface Playwright {
  chromium: {
    launch(options: { executablePath: string; args: string[] }): Promise<{
      newPage(): Promise<Page>;
      startTracing(page: Page, options: { categories: readonly string[] }): Promise<void>;
      stopTracing(): Promise<{ toString(): string }>;
      close(): Promise<void>;
    }>;
  };
}

interface Page {
  on(event: "console", listener: (message: { text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
}

/** Finds the system's Chromium: test tools bring none of their own. */
export function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** Bundles `smoke.mjs` of `folder` for a page, and returns the path of the result in it and all of its text. */
export async function bundle(folder: string): Promise<{ path: string; text: string }> {
  const output = await build({
    root: folder,
    base: "/bundled/",
    configFile: false,
    logLevel: "error",
    build: {
      outDir: "bundled",
      target: "esnext",
      rolldownOptions: {
        input: join(folder, "smoke.mjs"),
        output: { entryFileNames: "smoke.mjs" },
        onwarn: (warning) => {
          throw new Error(warning.message);
        },
      },
    },
  });
  const chunks = [output].flat().flatMap((part) => ("output" in part ? part.output : []));
  return { path: "bundled/smoke.mjs", text: chunks.map((chunk) => ("code" in chunk ? chunk.code : "")).join("\n") };
}

/** What the performance panel of the developer tools records of a page's own marks. */
const categories = ["-*", "devtools.timeline", "blink.user_timing"];

/**
 * Loads a module of `folder` in a page, and returns what it printed. With `recorded` the browser records meanwhile, and
 * what it has recorded is passed to it, as JSON.
 */
export async function runInChromium(
  executablePath: string,
  folder: string,
  path: string,
  recorded?: (trace: string) => void,
): Promise<string> {
  const server = serve(folder, path);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // The name is computed so that the type checker does not look for a package that is not installed yet.
  const { chromium } = (await import(["playwright", "core"].join("-"))) as Playwright;
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    let printed = "";
    const ended = new Promise<void>((resolve) => {
      const end = (text: string): void => {
        printed += `${text}\n`;
        resolve();
      };
      page.on("console", (message) => {
        if (message.text().startsWith("{")) end(message.text());
        else printed += `${message.text()}\n`;
      });
      page.on("pageerror", (error) => end(`uncaught: ${error.message}`));
      setTimeout(() => end("the page did not end"), 60_000).unref();
    });
    if (recorded !== undefined) await browser.startTracing(page, { categories });
    await Promise.all([ended, page.goto(`http://127.0.0.1:${port}/`)]);
    if (recorded !== undefined) recorded((await browser.stopTracing()).toString());
    return printed;
  } finally {
    await browser.close();
    server.close();
  }
}

function serve(folder: string, script: string): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = join(folder, path);
    if (path === "/") {
      response.setHeader("content-type", "text/html").end(indexPage(folder, script));
    } else if ([".js", ".mjs"].includes(extname(path)) && existsSync(file)) {
      response.setHeader("content-type", "text/javascript").end(readFileSync(file));
    } else {
      response.writeHead(404).end();
    }
  });
}

function indexPage(folder: string, script: string): string {
  const base = "/node_modules/gocsp/";
  const { exports } = JSON.parse(readFileSync(join(folder, base, "package.json"), "utf8")) as {
    exports: Record<string, { default: string } | string>;
  };
  const imports: Record<string, string> = { "async-mutex": "/node_modules/async-mutex/index.mjs" };
  for (const [name, target] of Object.entries(exports)) {
    if (typeof target === "object") imports[name.replace(".", "gocsp")] = base + target.default.slice(2);
  }
  return `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/${script}"></script>
`;
}
