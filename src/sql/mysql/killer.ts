import type { Client } from "./client.ts";
import { connected, identify, run } from "./connect.ts";
import { errnoOf, MysqlError, noSuchThread } from "./mysql-error.ts";
import { settlesWithin } from "../driver/settle-within.ts";

/** How long opening the connection, or KILL, may take before it is given up, in milliseconds. */
const serverTimeout = 2000;

/** A connection for KILL. */
interface Side {
  readonly client: Client;
  /** Settles when it is open, with the server that it leads to. */
  readonly server: Promise<string>;
}

/**
 * Stops the statements of other connections to one address, over a connection of its own. It is not the pool's, so that
 * it is there when all of those are busy; it is opened with the first of them, so that it is there when the server takes
 * no more; and it keeps no process alive.
 */
export class Killer {
  readonly #create: () => Client;
  #side: Side | undefined;
  #kills = 0;

  constructor(create: () => Client) {
    this.#create = create;
  }

  /** Opens the connection if it is not open, without waiting for it. */
  open(): Side {
    if (this.#side !== undefined) return this.#side;
    const client = this.#create();
    const side: Side = { client, server: login(client) };
    this.#side = side;
    // A failure is reported by the `kill` that needs the connection.
    side.server.then(
      () => client.stream.once("close", () => this.#drop(side)),
      () => this.#drop(side),
    );
    return side;
  }

  /** Stops what runs on a connection. When this returns, the server has marked it, and no mark is still to come. */
  async kill(server: string, threadId: number): Promise<void> {
    const side = this.open();
    if (this.#kills++ === 0) side.client.stream.ref();
    try {
      const killed = kill(side, server, threadId);
      if (!(await settlesWithin(serverTimeout, killed))) throw new MysqlError("the server does not answer", "");
      await killed;
    } catch (error) {
      if (errnoOf(error) === noSuchThread) return;
      this.#drop(side);
      throw error;
    } finally {
      if (--this.#kills === 0) side.client.stream.unref();
    }
  }

  close(): void {
    if (this.#side !== undefined) this.#drop(this.#side);
  }

  #drop(side: Side): void {
    if (this.#side === side) this.#side = undefined;
    // The method of the client itself would leave those who wait for an answer waiting.
    side.client.stream.destroy();
  }
}

async function login(client: Client): Promise<string> {
  const { stream } = client;
  stream.unref();
  try {
    await connected(client);
    // It may be another one now, which encrypts.
    client.stream.unref();
    return await identify(client);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

async function kill(side: Side, server: string, threadId: number): Promise<void> {
  const actual = await side.server;
  // A proxy may have led us to another server, where the number belongs to another connection.
  if (actual !== server) throw new Error(`mysql: asked for the server ${server}, connected to ${actual}`);
  await run(side.client, `KILL QUERY ${threadId}`);
}
