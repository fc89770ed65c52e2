/**
 * What recording costs a server: `npm run bench:recorder` writes `bench/results/recorder.md`.
 *
 * A server of `node:http` answers each request with a row of PostgreSQL, under a context with a deadline, which a
 * goroutine fetches and hands over a channel to a select. Each kind of recording runs in a process of its own, one
 * after the other, several times. The measure is the processor time per request, which other programs on the machine
 * disturb least.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, loadavg } from "node:os";
import { chan, context, go, select, time } from "../src/index.ts";
import * as http from "../src/http/http.ts";
import * as pprof from "../src/pprof/pprof.ts";
import * as sql from "../src/sql/sql.ts";
import { postgres } from "../src/sql/postgres/postgres.ts";
import * as trace from "../src/trace/trace.ts";
import { startPostgres } from "../test/sql/servers/postgres.ts";

const kinds = {
  nothing: () => undefined,
  "the flight recorder": () => new trace.FlightRecorder().start(),
  "the flight recorder, without goroutines": () => new trace.FlightRecorder({ goroutines: false }).start(),
  "the flight recorder, with lines": () => new trace.FlightRecorder({ lines: true }).start(),
  "pprof.watchLeaks": () => void pprof.watchLeaks(),
  "pprof.setBlockProfileRate(10 ms)": () => pprof.setBlockProfileRate(10),
} as const;

/** A server runs for long: as many requests before make it warm. */
const requests = 8000;
const rounds = Number(process.argv[2] ?? 7);

/** The process of one server. Tells its port, and at each message its processor time in microseconds. */
function serve(kind: keyof typeof kinds, url: string): void {
  kinds[kind]();
  const db = sql.open(postgres(url));
  db.setMaxOpenConns(8);
  const server = createServer(
    http.handler(async (requestCtx, req, res) => {
      const [ctx, cancel] = context.withTimeout(requestCtx, 5 * time.second);
      using _ = cancel;
      const row = chan<string>(1);
      go(async () => {
        const [text] = await db.queryRowContext(ctx, "SELECT $1::text || '!'", req.url ?? "").scan(sql.string);
        await row.send(text, ctx);
      });
      const op = await select({ row, done: ctx.done() });
      res.end(op.case === "row" ? op.value : "late");
    }),
  );
  // Clients that come late on a busy machine must find their connections.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
}

/** Returns the processor time of a request, in microseconds. */
async function measure(kind: string, url: string): Promise<number> {
  const child = fork(import.meta.filename, ["serve", kind, url]);
  const told = async (): Promise<number> => Number((await once(child, "message"))[0]);
  const port = await told();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const request = (n: number): Promise<void> =>
    new Promise((resolve, reject) => {
      get({ agent, port, host: "127.0.0.1", path: `/${n}` }, (response) => response.resume().on("end", resolve)).on(
        "error",
        reject,
      );
    });
  const many = async (count: number): Promise<void> => {
    let left = count;
    const client = async (): Promise<void> => {
      while (left-- > 0) await request(left);
    };
    await Promise.all(Array.from({ length: 16 }, client));
  };
  const used = (): Promise<number> => {
    child.send(0);
    return told();
  };
  await many(requests);
  const before = await used();
  await many(requests);
  const spent = (await used()) - before;
  agent.destroy();
  child.kill();
  await once(child, "exit");
  return spent / requests;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

async function main(): Promise<void> {
  const postgresServer = await startPostgres();
  const { host, port, user, database } = postgresServer;
  const url = `postgres://${user}@${host}:${port}/${database}`;
  const spent = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [kind, all] of spent) {
        all.push(await measure(kind, url));
        console.log(`${kind}: ${all.at(-1)?.toFixed(0)} us`);
      }
    }
  } finally {
    await postgresServer.stop();
  }
  const none = spent.get("nothing") as number[];
  const rows = [...spent].map(([kind, all]) => {
    const ratios = all.map((time, i) => time / (none[i] as number));
    return `| ${kind} | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} | ${median(ratios).toFixed(2)} |`;
  });
  writeFileSync(
    new URL("results/recorder.md", import.meta.url),
    `# What a server pays for being watched

Processor time of the server's process per request, in microseconds: an HTTP request, a row of PostgreSQL, a deadline, a
goroutine, a channel and a select. Medians and minima of ${rounds} rounds of ${requests} requests, after as many before; the ratio is the median of the
rounds' ratios to *nothing*.

| watched by | median | least | ratio |
| --- | --: | --: | --: |
${rows.join("\n")}

Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores under a load of ${loadavg()[0]?.toFixed(1)}; \`npm run bench:recorder\`
`,
  );
  console.log(rows.join("\n"));
}

const [, , command, kind, url] = process.argv;
if (command === "serve") serve(kind as keyof typeof kinds, url as string);
else await main();
