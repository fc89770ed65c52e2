/**
 * What happens when the disk of the server is full: `node bench/topic/disk.ts` as root, on Linux. The server's data is on a
 * small disk in memory, which a file fills and then leaves. What was confirmed must all be done, nothing else.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, errors, main, time } from "../../src/index.ts";
import { PostgresError } from "../../src/sql/postgres/postgres.ts";
import { postgres } from "../../src/topic/postgres/postgres.ts";
import { open } from "../../src/topic/topic.ts";
import { startPostgres } from "../../test/sql/servers/postgres.ts";

const bg = context.background();

main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200m,mode=777", "tmpfs", folder], {
    encoding: "utf8",
  });
  if (mounted.status !== 0) throw new Error(`disk: cannot mount a small disk: ${mounted.stderr}`);
  process.env["TMPDIR"] = folder;
  const server = await startPostgres({ fsync: "on", max_wal_size: "32MB", wal_recycle: "off" });
  const filler = join(folder, "filler");
  try {
    const reported = new Set<string>();
    const onError = (what: string, error: unknown): void => void reported.add(`${what}: ${(error as Error).message}`);
    const broker = await open(bg, postgres(`postgres://postgres@127.0.0.1:${server.port}/postgres`), { onError });
    const topic = broker.topic<{ n: number; text: string }>("disk", { lease: 3000 });
    const seen = new Map<number, number>();
    const confirmed = new Set<number>();
    const refused = new Map<string, number>();
    const [ctx, stop] = context.withCancel(bg);
    const handled = topic.handle(ctx, { concurrency: 4 }, (_ctx, { n }) => void seen.set(n, (seen.get(n) ?? 0) + 1));
    const send = async (n: number): Promise<void> => {
      const [, error] = await errors.result(topic.send(bg, { n, text: "x".repeat(20_000) }));
      if (error === undefined) confirmed.add(n);
      else {
        const code = errors.as(error, PostgresError)?.code ?? "";
        const text = `${code} ${error.message}`;
        refused.set(text, (refused.get(text) ?? 0) + 1);
      }
    };
    let n = 0;
    while (n < 200) await send(n++);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler, Buffer.alloc(Math.max(bavail * bsize - (1 << 20), 0)));
    const [soon, cancel] = context.withTimeout(bg, 15 * time.second);
    while (refused.size === 0 && soon.err() === undefined) await send(n++);
    for (let i = 0; i < 20; i++) await send(n++);
    cancel();
    rmSync(filler);
    // A server that had no room for its log has ended, as it must; it is started again.
    const [, down] = await errors.result(topic.inspect(bg));
    if (down !== undefined) {
      await server.kill();
      await server.restart();
    }
    while (confirmed.size < 400) await send(n++);
    for (;;) {
      const { ready, delayed, running } = await topic.inspect(bg);
      if (ready + delayed + running === 0) break;
      await time.sleep(50);
    }
    stop();
    await handled;
    await broker.close();
    const lost = [...confirmed].filter((n) => !seen.has(n)).length;
    const again = [...seen.values()].filter((times) => times > 1).length;
    console.log(`disk full: ${n} sends, ${confirmed.size} confirmed, ${lost} lost, ${again} done again`);
    for (const [text, times] of refused) console.log(`  send, ${times} times: ${text}`);
    for (const text of [...reported].slice(0, 5)) console.log(`  reported: ${text}`);
  } finally {
    await server.stop();
    spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});
