// What docs/frameworks.md says of frameworks that build a whole application, and of Workers: built, served, and left by a
// client.
import { context } from "gocsp";
import * as exec from "gocsp/exec";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installOnce, root } from "../../scripts/project.ts";
import { freePort, start, startAlone, until } from "../guide/program.ts";
import { codesOf } from "./pages.ts";
import { answersAndStops, lines, watch, watched } from "./serving.ts";

/** Building an application takes a while, and machines are shared. */
const timeout = 600_000;
const hosts = join(import.meta.dirname, "hosts");
const { programs } = codesOf("frameworks.md");
const folders: string[] = [];

beforeAll(() => installOnce(hosts), timeout);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Returns a program of the page in JavaScript, as the frameworks make it: they take TypeScript from a network if it is not there. */
function codeOf(name: string, albums: string = "./albums.js"): string {
  const code = stripTypeScriptTypes(programs.get(name) as string);
  return code.replace("./albums.ts", albums);
}

/** Writes an application beside the packages of the hosts: their bundlers follow no link that leads out of the project. */
function application(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(hosts, ".app-"));
  folders.push(folder);
  const all = {
    "package.json": JSON.stringify({ name: "albums", private: true, type: "module" }),
    "albums.js": codeOf("albums.ts"),
    "watch.mjs": watch,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "gocsp"), "junction");
  return folder;
}

const nextConfig = `
export default { serverExternalPackages: ["gocsp"], turbopack: { root: ${JSON.stringify(root.replace(/[\\/]$/, ""))} } };
`;

/** Runs the server of Next.js, or builds for it. */
const next = (args: string): string => `
import { createRequire } from "node:module";
const program = createRequire(import.meta.url).resolve("next/dist/bin/next");
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.argv = [process.argv[0], program, ...${args}];
await import(program);
`;

test.concurrent("in Next.js a query is answered, and one whose client leaves is stopped", { timeout }, async () => {
  const folder = application({
    "app/layout.js": "export default ({ children }) => children;\n",
    "app/count/route.js": codeOf("next.ts", "../../albums.js"),
    "next.config.mjs": nextConfig,
    "build.mjs": next('["build"]'),
    "start.mjs": next('["start", "-H", "127.0.0.1", "-p", process.env.PORT]'),
  });
  await startAlone(folder, "build.mjs", {});
  await answersAndStops(await start(folder, "start.mjs", watched(folder)), "/count");
});

test.concurrent("in SvelteKit a query is answered, and one whose client leaves is stopped", { timeout }, async () => {
  const folder = application({
    "src/app.html": "<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n",
    "src/routes/count/+server.js": codeOf("svelte.ts", "../../../albums.js"),
    "vite.config.js": `
import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit({ adapter: adapter() })], logLevel: "warn", ssr: { external: ["gocsp"] } };
`,
  });
  await startAlone(folder, "../node_modules/vite/bin/vite.js", {}, ["build"]);
  await answersAndStops(await start(folder, "build/index.js", watched(folder, { HOST: "127.0.0.1" })), "/count");
});

/** The configuration of workerd for the worker of the page. */
const configuration = (port: number, origin: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["enable_request_signal"],
  bindings = [(name = "ORIGIN", text = "${origin}")],
  globalOutbound = "internet"
);
`;

test.concurrent("in workerd a worker's fetch is answered, and ends when the client leaves", { timeout }, async () => {
  let printed = "";
  const origin = createServer((request, response) => {
    printed += `asked for ${request.url}\n`;
    if (request.url === "/quick") return void response.end("42");
    response.once("close", () => (printed += "left\n"));
  }).listen(0, "127.0.0.1");
  await once(origin, "listening");
  const port = await freePort();
  const folder = application({
    "worker.ts": programs.get("worker.ts") as string,
    "config.capnp": configuration(port, `http://127.0.0.1:${(origin.address() as AddressInfo).port}`),
  });
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: ["gocsp"], target: "webworker" },
    build: { ssr: "worker.ts", outDir: ".", emptyOutDir: false, rolldownOptions: { external: /^node:/ } },
  });
  // Its bin may be a script or the program itself: that depends on whether npm runs the scripts of packages.
  const { default: bin } = createRequire(join(hosts, "package.json"))("workerd") as { readonly default: string };
  const [ctx, cancel] = context.withCancel(context.background());
  const workerd = exec.commandContext(ctx, bin, "serve", join(folder, "config.capnp"));
  let hasEnded = false;
  const ended = workerd
    .combinedOutput()
    .catch((error: unknown) => error)
    .finally(() => (hasEnded = true));
  try {
    const answer = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/quick`)).text();
    expect(
      await until(
        () => answer().catch(() => ""),
        (text) => text !== "" || hasEnded,
      ),
      hasEnded ? String(await ended) : "workerd runs",
    ).toBe("42");
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write("GET /albums HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await lines({ printed: () => printed }, 2)).toEqual(["asked for /quick", "asked for /albums"]);
    // workerd by itself does not look at a connection whose other end says that it has sent all.
    socket.resetAndDestroy();
    expect(await lines({ printed: () => printed }, 3)).toEqual(["asked for /quick", "asked for /albums", "left"]);
  } finally {
    cancel();
    await ended;
    origin.close();
  }
});
