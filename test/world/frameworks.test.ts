// docs/frameworks.md: a client that leaves, and deadlines that travel, in what the page has programs for.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mustRun, root } from "../../scripts/project.ts";
import { codeOf } from "../guide/blocks.ts";
import { freePort, type Program, start, startAlone } from "../guide/program.ts";
import { programsOf } from "./pages.ts";
import { answersAndStops, lines, watch, watched } from "./serving.ts";

/** For tests that start several programs: machines are shared. */
const timeout = 300_000;

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

/** The servers of docs/cancel-real-work.md. Its own test has them query PostgreSQL; here they need no server. */
const guides = ["express", "fastify", "koa", "hono"];
const albums = `
import type { Context } from "gocsp";
import { countAlbums } from "../albums.ts";
export const albumsBy = async (ctx: Context, _artist: string) => [{ count: await countAlbums(ctx) }];
`;

const page = programsOf("frameworks.md", {
  "watch.mjs": watch,
  "albums_pb.ts": generated,
  "guide/albums.ts": albums,
  "client.ts": client,
  ...Object.fromEntries(guides.map((name) => [`guide/${name}.ts`, codeOf(`${name}.ts`)])),
});

const startProgram = (file: string, env: Record<string, string> = {}): Promise<Program> =>
  start(page.folder, file, watched(page.folder, env));

/** The programs that serve, and how each is started. */
const servers: Record<string, () => string> = {
  nest() {
    // Decorators are not JavaScript yet.
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "false", "--rewriteRelativeImportExtensions", "--outDir", "compiled"];
    mustRun(process.execPath, [tsc, "-p", ".", ...options], page.folder);
    return page.write("run-nest.mjs", 'import "./compiled/nest.js";\n');
  },
  trpc: () => "trpc.ts",
  ...Object.fromEntries(guides.map((name) => [name, () => `guide/${name}.ts`])),
};

describe.concurrent("a query is answered, and one whose client leaves is stopped", { timeout }, () => {
  test.each(Object.entries(servers))("in %s", async (name, write) => {
    await answersAndStops(await startProgram(write()), guides.includes(name) ? "/albums?artist=Miles" : "/count");
  });
});

describe.concurrent.each(["connect", "grpc"])("over %s", (kind) => {
  test("the deadline travels, and a call that is canceled stops its query", { timeout }, async () => {
    const grpcPort = String(await freePort());
    await using server = await startProgram("connect.ts", { GRPC_PORT: grpcPort, AFTER: "2" });
    const port = kind === "grpc" ? grpcPort : new URL(server.url).port;
    for (const limit of ["limited", "unlimited"]) {
      expect(await startAlone(page.folder, "client.ts", {}, [kind, port, limit])).toBe("got 42\n");
    }
    const answered = ["begins, with a deadline", "ends: done", "begins", "ends: done"];
    expect(await lines(server, 4)).toEqual(answered);
    const calling = spawn(process.execPath, [join(page.folder, "client.ts"), kind, port, "unlimited"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    expect(await lines(server, 5)).toEqual([...answered, "begins"]);
    calling.stdin.write("stop");
    const [said] = (await once(calling.stdout, "data")) as [Buffer];
    expect(String(said)).toContain("canceled");
    expect(await lines(server, 6)).toEqual([...answered, "begins", "ends: context canceled"]);
  });
});

test("over plain HTTP the deadline travels in a header", { timeout }, async () => {
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
  await using program = await startProgram(page.write("run-deadlines.ts", server), { AFTER: "2" });
  for (const path of ["/limited", "/unlimited"]) {
    expect(await (await fetch(program.url + path)).text()).toBe("42");
  }
  const answered = ["begins, with a deadline", "ends: done", "begins", "ends: done"];
  expect(await lines(program, 4)).toEqual(answered);
  const response = await fetch(`${program.url}/count`, { headers: { "x-timeout-ms": "50" } });
  expect(response.status).toBe(500);
  expect(await lines(program, 6)).toEqual([...answered, "begins, with a deadline", "ends: context deadline exceeded"]);
});

test("in a Lambda the time that is left is the deadline", async () => {
  const run = `
import { handler } from "./lambda.ts";
console.log(JSON.stringify(await handler({}, { getRemainingTimeInMillis: () => Number(process.env.LEFT) }).catch(String)));
`;
  const file = page.write("run-lambda.ts", run);
  expect(await startAlone(page.folder, file, watched(page.folder, { LEFT: "60000" }))).toBe(
    'begins, with a deadline\nends: done\n{"statusCode":200,"body":"42"}\n',
  );
  const late = await startAlone(page.folder, file, watched(page.folder, { LEFT: "550", AFTER: "0" }));
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
  await using program = await startProgram(page.write("run-trace.ts", server));
  const { url } = program;
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  expect(await (await fetch(url, { headers: { traceparent } })).text()).toBe(traceparent);
  expect(await (await fetch(url)).text()).toBe("none");
});
