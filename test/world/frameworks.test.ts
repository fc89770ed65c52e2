// docs/frameworks.md: a client that leaves, and deadlines that travel, in what the page has programs for.
import { pathToFileURL } from "node:url";
import { mustRun, root } from "../../scripts/project.ts";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { freePort, type Program, start, startAlone, until } from "../guide/program.ts";
import { programsOf } from "./pages.ts";

/** Tells of each query when it begins and ends. */
const watch = `
import { tracingChannel } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
const { start, asyncEnd } = tracingChannel("gocsp:sql.query");
start.subscribe(({ ctx }) => writeSync(1, ctx.deadline() === undefined ? "begins\\n" : "begins, with a deadline\\n"));
asyncEnd.subscribe(({ error }) => writeSync(1, "ends: " + (error?.message ?? "done") + "\\n"));
`;

/** What the compiler of buf would generate. */
const generated = `
import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { GenService } from "@bufbuild/protobuf/codegenv2";
import * as wkt from "@bufbuild/protobuf/wkt";

const known = [wkt.file_google_protobuf_empty, wkt.file_google_protobuf_wrappers];
const method = { name: "Count", inputType: ".google.protobuf.Empty", outputType: ".google.protobuf.Int32Value" };
const file = create(wkt.FileDescriptorProtoSchema, {
  name: "albums.proto",
  package: "albums",
  syntax: "proto3",
  dependency: known.map(({ proto }) => proto.name),
  service: [{ name: "Albums", method: [method] }],
});
const registry = createFileRegistry(file, (name) => known.find(({ proto }) => proto.name === name));
export const Albums = registry.getService("albums.Albums") as GenService<{
  count: { methodKind: "unary"; input: typeof wkt.EmptySchema; output: typeof wkt.Int32ValueSchema };
}>;
`;

/** SvelteKit's own bridge from Node to handlers of the web's kind. */
const bridge = `
import { getRequest, setResponse } from "@sveltejs/kit/node";
import { createServer } from "node:http";
export function serve(handle: (request: Request) => Promise<Response>): void {
  createServer(async (request, response) => {
    setResponse(response, await handle(getRequest({ request, response, base: "http://localhost" })));
  }).listen(Number(process.env.PORT), "127.0.0.1");
}
`;

const page = programsOf("frameworks.md", { "watch.mjs": watch, "albums_pb.ts": generated, "bridge.ts": bridge });
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

let program: Program | undefined;
afterEach(async () => {
  await program?.stop("SIGKILL");
  program = undefined;
});

function environment(env: Record<string, string> = {}): Record<string, string> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(page.folder, "watch.mjs")).href}`, ...env };
}

async function startProgram(file: string, env: Record<string, string> = {}): Promise<Program> {
  program = await start(page.folder, file, environment(env));
  return program;
}

/** Waits until a program has told of so many lines, and returns them. */
async function lines({ printed }: Program, count: number): Promise<string[]> {
  const told = async (): Promise<string[]> =>
    printed()
      .split("\n")
      .filter((line) => line !== "");
  return until(told, (lines) => lines.length >= count);
}

/** The programs that serve, and how each is started; those of the web's kind behind the bridge. */
const servers: Record<string, () => string> = {
  nest() {
    // Decorators are not JavaScript yet.
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "false", "--rewriteRelativeImportExtensions", "--outDir", "compiled"];
    mustRun(process.execPath, [tsc, "-p", ".", ...options], page.folder);
    return page.write("run-nest.mjs", 'import "./compiled/nest.js";\n');
  },
  trpc: () => "trpc.ts",
  svelte: () =>
    page.write(
      "run-svelte.ts",
      'import { serve } from "./bridge.ts";\nimport { GET } from "./svelte.ts";\n' +
        "serve(async (request) => GET({ request } as Parameters<typeof GET>[0]));\n",
    ),
  next: () =>
    page.write("run-next.ts", 'import { serve } from "./bridge.ts";\nimport { GET } from "./next.ts";\nserve(GET);\n'),
};

describe.each(Object.entries(servers))("in %s", (_name, write) => {
  test("a query is answered, and one whose client leaves is stopped", async () => {
    const file = write();
    const answering = await startProgram(file);
    expect(await (await fetch(`${answering.url}/count`)).text()).toContain("42");
    expect(await lines(answering, 2)).toEqual(["begins", "ends: done"]);
    await answering.stop("SIGKILL");
    const endlessly = await startProgram(file, { QUERY: endless });
    const socket = await endlessly.ask("/count");
    expect(await lines(endlessly, 1)).toEqual(["begins"]);
    socket.destroy();
    expect(await lines(endlessly, 2)).toEqual(["begins", "ends: context canceled"]);
  });
});

test("a worker's fetch ends when the client leaves", async () => {
  const origin = `
import { createServer } from "node:http";
import { serve } from "./bridge.ts";
import worker from "./worker.ts";
const origin = createServer((request, response) => {
  console.log("asked for " + request.url);
  response.once("close", () => console.log("left"));
}).listen(0, "127.0.0.1", () => {
  const { port } = origin.address() as { port: number };
  serve((request) => worker.fetch(request, { ORIGIN: "http://127.0.0.1:" + port }));
});
`;
  const running = await startProgram(page.write("run-worker.ts", origin));
  const socket = await running.ask("/albums");
  expect(await lines(running, 1)).toEqual(["asked for /albums"]);
  socket.destroy();
  expect(await lines(running, 2)).toEqual(["asked for /albums", "left"]);
});

/** Calls the server of the page over one of the protocols, with a minute to go or without, and stops in the middle if told to. */
const client = `
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { context, time } from "gocsp";
import { Albums } from "./albums_pb.ts";
import { under } from "./rpc.ts";

const [, , kind, port, limit] = process.argv;
const baseUrl = "http://127.0.0.1:" + port;
const grpc = kind === "grpc";
const transport = grpc ? createGrpcTransport({ baseUrl }) : createConnectTransport({ baseUrl, httpVersion: "1.1" });
const [parent, cancel] = context.withCancel(context.background());
const ctx = limit === "limited" ? context.withTimeout(parent, time.minute)[0] : parent;
process.stdin.once("data", cancel);
try {
  console.log("got", (await createClient(Albums, transport).count({}, under(ctx))).value);
} catch (err) {
  console.log(String(err));
}
process.exit();
`;

describe.each(["connect", "grpc"])("over %s", (kind) => {
  test("the deadline travels, and a call that is canceled stops its query", async () => {
    const grpcPort = String(await freePort());
    const server = await startProgram("connect.ts", { GRPC_PORT: grpcPort });
    const port = kind === "grpc" ? grpcPort : new URL(server.url).port;
    page.write("client.ts", client);
    for (const limit of ["limited", "unlimited"]) {
      expect(await startAlone(page.folder, "client.ts", {}, [kind, port, limit])).toBe("got 42\n");
    }
    expect(await lines(server, 4)).toEqual(["begins, with a deadline", "ends: done", "begins", "ends: done"]);
    await server.stop("SIGKILL");

    const endlessly = await startProgram("connect.ts", { GRPC_PORT: grpcPort, QUERY: endless });
    const again = kind === "grpc" ? grpcPort : new URL(endlessly.url).port;
    const { spawn } = await import("node:child_process");
    const calling = spawn(process.execPath, [join(page.folder, "client.ts"), kind, again, "unlimited"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    expect(await lines(endlessly, 1)).toEqual(["begins"]);
    calling.stdin.write("stop");
    const [said] = (await once(calling.stdout, "data")) as [Buffer];
    expect(String(said)).toContain("canceled");
    expect(await lines(endlessly, 2)).toEqual(["begins", "ends: context canceled"]);
  });
});

test("over plain HTTP the deadline travels in a header", async () => {
  const server = `
import { context, time } from "gocsp";
import * as http from "gocsp/http";
import { countAlbums } from "./albums.ts";
import { fetchWithDeadline, withDeadline } from "./deadlines.ts";
const server = new http.Server({
  handler: withDeadline(async (ctx, req, res) => {
    if (req.url === "/count") return res.end(String(await countAlbums(ctx)));
    const [limited, cancel] = context.withTimeout(ctx, time.minute);
    using _ = cancel;
    // Asks itself.
    const { port } = new URL("http://" + req.headers.host);
    res.end(await (await fetchWithDeadline(req.url === "/limited" ? limited : ctx, "http://127.0.0.1:" + port + "/count")).text());
  }),
  onError: () => undefined,
});
await server.listen(Number(process.env.PORT));
`;
  const file = page.write("run-deadlines.ts", server);
  const answering = await startProgram(file);
  for (const path of ["/limited", "/unlimited"]) {
    expect(await (await fetch(answering.url + path)).text()).toBe("42");
  }
  expect(await lines(answering, 4)).toEqual(["begins, with a deadline", "ends: done", "begins", "ends: done"]);
  await answering.stop("SIGKILL");
  const endlessly = await startProgram(file, { QUERY: endless });
  const response = await fetch(`${endlessly.url}/count`, { headers: { "x-timeout-ms": "50" } });
  expect(response.status).toBe(500);
  expect(await lines(endlessly, 2)).toEqual(["begins, with a deadline", "ends: context deadline exceeded"]);
});

test("in a Lambda the time that is left is the deadline", async () => {
  const run = `
import { handler } from "./lambda.ts";
console.log(JSON.stringify(await handler({}, { getRemainingTimeInMillis: () => Number(process.env.LEFT) }).catch(String)));
`;
  const file = page.write("run-lambda.ts", run);
  expect(await startAlone(page.folder, file, environment({ LEFT: "60000" }))).toBe(
    'begins, with a deadline\nends: done\n{"statusCode":200,"body":"42"}\n',
  );
  const late = await startAlone(page.folder, file, environment({ LEFT: "550", QUERY: endless }));
  expect(late).toContain("ends: context deadline exceeded\n");
});

test("a trace is passed on to the next server", async () => {
  const server = `
import * as http from "gocsp/http";
import { fetchTraced, traced } from "./trace.ts";
const server = new http.Server({
  handler: traced(async (ctx, req, res) => {
    if (req.url === "/next") return res.end(req.headers.traceparent ?? "none");
    const { port } = new URL("http://" + req.headers.host);
    res.end(await (await fetchTraced(ctx, "http://127.0.0.1:" + port + "/next")).text());
  }),
});
await server.listen(Number(process.env.PORT));
`;
  const { url } = await startProgram(page.write("run-trace.ts", server));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  expect(await (await fetch(url, { headers: { traceparent } })).text()).toBe(traceparent);
  expect(await (await fetch(url)).text()).toBe("none");
});
