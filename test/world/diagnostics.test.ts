// docs/diagnostics.md, with the SDK of OpenTelemetry and with Sentry's.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Program, start } from "../guide/program.ts";
import { altered, programsOf } from "./pages.ts";

/** An exporter of the SDK that prints each span that has ended as a line of JSON. */
const exporter = `
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { writeSync } from "node:fs";
export const printing: SpanExporter = {
  export(spans, done) {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const { status, events } = span;
      const parent = span.parentSpanContext?.spanId;
      const names = events.map(({ name }) => name);
      writeSync(1, JSON.stringify({ name: span.name, traceId, spanId, parent, status, events: names }) + "\\n");
    }
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
`;

const page = programsOf("diagnostics.md", { "exporter.ts": exporter });

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | undefined;
  readonly status: { readonly code: number; readonly message?: string };
  readonly events: readonly string[];
}

const traceId = "0af7651916cd43dd8448eb211c80319c";
const client = "b7ad6b7169203331";

/** Starts the server of the page, or what `alter` makes of it, with an exporter that prints. */
async function startServer(file: string, alter: (code: string) => string = (code) => code): Promise<Program> {
  const code = altered(page.codeOf("server.ts"), "new ConsoleSpanExporter()", "printing");
  return start(page.folder, page.write(file, `import { printing } from "./exporter.ts";\n${alter(code)}`), {});
}

/** Sends a request with a trace, and returns the answer and the spans of the trace. */
async function ask({ url, stop }: Program): Promise<{ status: number; text: string; spans: Span[] }> {
  const response = await fetch(url, { headers: { traceparent: `00-${traceId}-${client}-01` } });
  const { status } = response;
  const text = await response.text();
  // Behind the next request nothing of this one is left to do.
  await (await fetch(url)).text();
  const { printed } = await stop("SIGTERM");
  const lines = printed.split("\n").filter((line) => line.startsWith("{"));
  return {
    status,
    text,
    spans: lines.map((line) => JSON.parse(line) as Span).filter((span) => span.traceId === traceId),
  };
}

/** Shows the spans below one, a line for each with its depth. */
function treeBelow(spans: readonly Span[], parent: string, depth = 0): string[] {
  const children = spans.filter((span) => span.parent === parent);
  return children.flatMap(({ name, spanId }) =>
    [`${"  ".repeat(depth)}${name}`].concat(treeBelow(spans, spanId, depth + 1)),
  );
}

test("OpenTelemetry's SDK gets one tree of spans for a request with goroutines, a query and a subprocess [I7]", async () => {
  const { text, spans } = await ask(await startServer("run-otel.ts"));
  expect(text).toMatch(/^\w+, SQLite 3\.\d+\.\d+\n$/);
  const tree = treeBelow(spans, client);
  expect(tree.slice(0, 1)).toEqual(["GET /"]);
  const branches = tree
    .slice(1)
    .join("\n")
    .split(/^(?= {2}\w)/m);
  expect(branches.map((branch) => branch.trimEnd()).toSorted()).toEqual([
    "  goroutine\n    queryRow SELECT sqlite_version()",
    "  goroutine\n    uname",
  ]);
  expect(spans).toHaveLength(5);
  expect(spans.map(({ status }) => status.code)).toEqual([0, 0, 0, 0, 0]);
});

test("what fails is an error in each span that it passes, up to the request [I7]", async () => {
  const failing = await startServer("run-otel-failing.ts", (code) =>
    altered(code, "SELECT sqlite_version()", "SELECT nothing()"),
  );
  const { status, spans } = await ask(failing);
  expect(status).toBe(500);
  const failed = spans.filter(({ status }) => status.code === 2);
  // The errgroup has the error of the goroutine, which has ended well; the other one was canceled, or was faster.
  expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining(["GET /", "queryRow SELECT nothing()"]));
  for (const { status, events } of failed.filter(({ name }) => name !== "uname")) {
    expect(status.message).toContain("syntax error");
    expect(events).toEqual(["exception"]);
  }
});

/** Runs a program in which Sentry sends its events to standard output instead of a server. */
function runWithSentry(name: string, body: string): { status: number | null; events: string[]; stderr: string } {
  const program = `
import * as Sentry from "@sentry/node-core/light";
import { writeSync } from "node:fs";
Sentry.init({
  dsn: "https://key@localhost/1",
  beforeSend(event) {
    const [exception] = event.exception?.values?.slice(-1) ?? [];
    const { url } = event.tags ?? {};
    writeSync(1, JSON.stringify([exception?.value, exception?.mechanism?.handled, url]) + "\\n");
    return null;
  },
});
${body}`;
  const file = page.write(name, program);
  const child = spawnSync(process.execPath, [join(page.folder, file)], { encoding: "utf8", timeout: 60_000 });
  return { status: child.status, events: child.stdout.trim().split("\n"), stderr: child.stderr };
}

test("Sentry sees a panic as an uncaught error, once, and the process ends [I8]", () => {
  const { status, events, stderr } = runWithSentry(
    "run-sentry-panic.ts",
    `
import { go, main, time } from "gocsp";
main(async () => {
  go(async () => {
    await time.sleep(1);
    throw new Error("index out of range");
  });
  await time.sleep(60_000);
});`,
  );
  expect(stderr).toContain("panic: index out of range");
  expect(events).toEqual(['["index out of range",false,null]']);
  expect(status).not.toBe(0);
});

test("Sentry gets what a handler throws, by the channel of requests, and nothing of clients that have left [I8]", () => {
  const { status, events, stderr } = runWithSentry(
    "run-sentry-request.ts",
    `
import "./sentry.ts";
import * as httptest from "gocsp/http/httptest";
import type { Context } from "gocsp";
import { get, type IncomingMessage } from "node:http";
const left = Promise.withResolvers<void>();
await using server = await httptest.newServer(async (ctx: Context, req: IncomingMessage) => {
  if (req.url === "/fails") throw new Error("no luck");
  request.destroy();
  await ctx.done().receive();
  setImmediate(left.resolve);
  throw ctx.err();
});
await fetch(server.url + "/fails");
const request = get(server.url + "/leaves").on("error", () => undefined);
await left.promise;`,
  );
  expect(stderr).toMatch(/^http: panic serving 127\.0\.0\.1:\d+: Error: no luck\n/);
  expect(events).toEqual(['["no luck",true,"/fails"]']);
  expect(status).toBe(0);
});
