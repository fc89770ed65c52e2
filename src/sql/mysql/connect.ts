import type { Client } from "./client.ts";
import { toMysqlError } from "./mysql-error.ts";

/** Waits until a connection has logged in. */
export function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.connect((error) => (error === null ? resolve() : reject(toMysqlError(error))));
  });
}

/** Runs a statement without arguments, and returns its rows or its header. */
export function run(client: Client, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.query({ sql }, (error, result) => (error == null ? resolve(result) : reject(toMysqlError(error))));
  });
}

/** Asks which server this is: behind one name or address there may be several. */
export async function identify(client: Client): Promise<string> {
  const [row = []] = (await run(client, "SELECT @@hostname, @@port, @@server_id")) as unknown[][];
  return row.join(" ");
}
