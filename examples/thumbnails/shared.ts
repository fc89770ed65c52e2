// Shared by the web process and the worker process of the example: the job, the topic, the table.
import { type Context, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";

export interface Thumbnail {
  readonly id: string;
  readonly file: string;
  /** How long the conversion takes, in milliseconds. */
  readonly work: number;
}

const url = process.env["DATABASE_URL"] ?? "postgres://localhost/postgres";

export function openDB(): sql.DB {
  return sql.open(connector(url));
}

export async function openTopic(ctx: Context): Promise<[topic.Broker, topic.Topic<Thumbnail>]> {
  const broker = await topic.open(ctx, postgres(url, { schema: "thumbnails_topic" }));
  return [broker, broker.topic<Thumbnail>("thumbnails", { lease: 10 * time.second, maxAttempts: 5 })];
}

export async function createTable(ctx: Context, db: sql.DB): Promise<void> {
  await using tx = await db.beginTx(ctx);
  // IF NOT EXISTS does not keep two processes from creating the table at the same time.
  await tx.execContext(ctx, "SELECT pg_advisory_xact_lock(7)");
  await tx.execContext(
    ctx,
    "CREATE TABLE IF NOT EXISTS thumbnail (id text PRIMARY KEY, file text NOT NULL, state text NOT NULL, note text, attempt int, done int NOT NULL DEFAULT 0)",
  );
  await tx.commit();
}
