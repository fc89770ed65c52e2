// Many messages: all are done once, the table keeps its size, and the plans of the statements hold. TOPIC_JOBS says how many.
import { chan, context, time } from "gocsp";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
const total = Number(process.env["TOPIC_JOBS"] ?? 20_000);
const batch = 500;
let server: PostgresServer;

beforeAll(async () => {
  if (noPostgres === undefined) server = await startPostgres({ max_connections: 100, autovacuum_naptime: "5s" });
});
afterAll(() => server?.stop());

describe.skipIf(noPostgres !== undefined)("many messages", () => {
  test.each<[string, topic.TopicOptions, number]>([
    ["without keys", {}, total],
    ["of a thousand keys, one at a time", { perKey: 1 }, Math.round(total / 10)],
  ])(
    "%s are done once each, and what one costs does not grow with what was there before [P31]",
    { timeout: 120_000 + total * 20 },
    async (name, options, n) => {
      const url = `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`;
      const schema = `many_${Object.keys(options).length}`;
      await using broker = await topic.open(bg, postgres(url, { schema }));
      const jobs = broker.topic<number>("many", options);
      const times = new Uint8Array(n);
      const last = new Map<string, number>();
      const disorder: string[] = [];
      const done = chan<never>();
      let left = n;
      const [ctx, stop] = context.withCancel(bg);
      const handled = jobs.handle(ctx, { concurrency: 100 }, (_ctx, i, { key }) => {
        times[i] = (times[i] as number) + 1;
        if (key !== undefined) {
          if (i < (last.get(key) ?? -1)) disorder.push(`${i} after ${last.get(key)} of ${key}`);
          last.set(key, i);
        }
        if (--left === 0) done.close();
      });
      const measure = async (): Promise<Record<string, number>> => {
        // What sessions have counted comes a moment later.
        const [row] = await admin(
          server.port,
          `SELECT (idx_tup_fetch + seq_tup_read)::float8 AS reads, seq_scan::float8 AS scans, pg_relation_size(relid)::float8 / 1e6 AS mb
           FROM pg_stat_user_tables WHERE schemaname = '${schema}' AND relname = 'message'`,
        );
        return row as Record<string, number>;
      };
      let largest = 0;
      for (let i = 0; i < n; i += batch) {
        // The workers are meant to keep up, with a backlog of 5,000.
        const isFull = (): boolean => i - (n - left) > 5000;
        while (isFull()) await time.sleep(5);
        const some = Array.from({ length: Math.min(batch, n - i) }, (_, j) => i + j);
        await jobs.sendAll(
          bg,
          some.map((j) => [j, options.perKey === undefined ? {} : { key: `k${j % 1000}` }] as const),
        );
        largest = Math.max(largest, (await measure())["mb"] ?? 0);
      }
      await done.receiveOk();
      stop();
      await handled;
      expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, delayed: 0, behind: 0, running: 0, dead: 0 });
      const { reads = NaN, scans = NaN } = await measure();
      const lost = times.filter((t) => t === 0).length;
      const twice = times.filter((t) => t > 1).length;
      console.log(
        `many, ${name}: ${n} sent, ${lost} lost, ${twice} done twice, ${disorder.length} out of order; ` +
          `${(reads / n).toFixed(1)} rows read for each, ${scans} scans of the table, which had ${largest.toFixed(1)} MB at most`,
      );
      expect({ lost, twice, disorder }).toEqual({ lost: 0, twice: 0, disorder: [] });
      // Not the thousands that wait.
      expect(reads / n).toBeLessThan(100);
    },
  );
});
