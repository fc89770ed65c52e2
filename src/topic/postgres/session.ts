import { background, type Context, withTimeout } from "../../context/context.ts";
import { as, is } from "../../errors/errors.ts";
import { go } from "../../runtime/goroutine.ts";
import { describe } from "../../runtime/arguments.ts";
import { refuseUnbound } from "../../runtime/unbound.ts";
import { type Connector, errBadConn, StoppedError } from "../../sql/driver/driver.ts";
import { PostgresError } from "../../sql/postgres/postgres.ts";
import { type DB, open, type Tx } from "../../sql/sql.ts";
import { afterTx } from "../../sql/tx.ts";
import { sleep } from "../../time/time.ts";
import { type Batching, Coalescer, inBatches } from "../coalescer.ts";
import { nextAfterJump } from "../cron.ts";
import type {
  Claim,
  Claims,
  Counts,
  DeadRecord,
  Listener,
  Message,
  Next,
  Session,
  Settings,
  Standing,
  Swept,
} from "../engine.ts";
import { errClosed, UnknownOutcomeError } from "../errors.ts";
import { pauseAfter, persist, persistence } from "../persist.ts";
import { clock } from "../receiver.ts";
import { Listening } from "./listening.ts";
import type { PostgresTopicOptions } from "./postgres.ts";
import { migrations, quote, type Statements, statementsOf, version } from "./schema.ts";
import { uuidv7 } from "./uuid.ts";

const bg = background();
/** No two notifications of a topic sooner than this, in milliseconds: each commit that notifies takes a lock of the whole server. */
const notifyEvery = 5;
/** How long others are not told of what a receiver here is about to claim, in milliseconds. */
const claimsWithin = 50;
/** How long a statement may take, in milliseconds. */
const patience = 10_000;
/** For how long a statement may wait for a transaction that has sent one of the same identity, in milliseconds. */
const lockPatience = 200;
/** What the server says then; and of two that wait for each other. */
const locked = "55P03";
const deadlock = "40P01";
/** What one statement may send: a value of many megabytes goes by itself. */
const sending: Batching<Message> = { most: 500, weigh: ({ value }) => value.length, heaviest: 1 << 22 };
const settling: Batching<Claim> = { most: 500 };
/** How many messages are moved at once when the server's clock was put back. */
const clockBatch = 10_000;
/** How many claims a worker makes before its tokens begin anew: no token is in use for so long. */
const claimsOfWorker = 2 ** 21;

/**
 * Says that the tables of a schema are not what this version of gocsp needs, as `topic: the schema gocsp_topic has version 3,
 * which needs workers of version 2 at least: this is version 1`. Workers that meet such a schema claim nothing; what is sent
 * stays.
 *
 * @example
 * ```ts
 * await topic.open(ctx, engine).catch((err: unknown) => console.log(errors.as(err, SchemaError)?.message));
 * ```
 */
export class SchemaError extends Error {
  /**
   * Makes the error.
   *
   * @example
   * ```ts
   * throw new SchemaError("topic: the schema gocsp_topic is not there");
   * ```
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SchemaError";
  }
}

interface ClaimRow {
  readonly id: string | null;
  readonly key: string | null;
  readonly attempt: number;
  readonly token: number;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly sent_at: Date;
  readonly left: number | null;
  readonly run_at: number;
  readonly seq: number | bigint | null;
  readonly due: number | null;
}

/** What is known of a topic. */
interface Known {
  readonly sends: Coalescer<Message, boolean>;
  /** Those that have a key. */
  readonly keyed: Coalescer<Message, boolean>;
  /** By key: the end of those that go one after the other, and not in a batch. */
  readonly chains: Map<string, Promise<void>>;
  readonly acks: Coalescer<Claim, boolean>;
  /** When the last notification was. */
  notifiedAt: number;
  notifying: NodeJS.Timeout | undefined;
  /** How often there was something for a receiver here; whether the notification that waits is not only for that. */
  offers: number;
  isForOthers: boolean;
  /** How many claims in a row found that somebody else had a key in hand. */
  unsure: number;
  /** Claims that may have been made although their answer was lost. */
  readonly phantoms: number[];
  isKnown: boolean;
  /** By how much the server's clock was ahead of ours at most, since it was put back. */
  ahead: number | undefined;
  /** What is left to be done since it was put back. */
  jump: Jump | undefined;
  /** Whether all who work on it have the same options. */
  isAgreed: boolean;
  droppedAt: number;
}

/** What the server's clock has done. */
interface Jump {
  /** When we noticed, on our own clock. */
  readonly at: number;
  /** When to look next for what was set by the clock that was. */
  again: number;
  /** Transactions with smaller numbers may have begun before. */
  horizon: number | undefined;
}

/** One process's connections to one schema. */
export class PostgresSession implements Session {
  readonly #db: DB;
  readonly #connector: Connector;
  readonly #options: Required<PostgresTopicOptions>;
  readonly #listener: Listener;
  readonly #text: Statements;
  readonly #topics = new Map<string, Known>();
  /** Tells our own notifications from those of others. */
  readonly #self = uuidv7();
  readonly #lockClass: number;
  #worker: Promise<number> | undefined;
  #number = 0;
  #claims = 0;
  #listening: Listening | undefined;
  #isListening = false;
  /** Whether it was said already that no notification arrives. */
  #isDeaf = false;
  /** Whether the lock that shows that we live is held. */
  #isGuarded = false;
  #isClosed = false;

  constructor(connector: Connector, options: Required<PostgresTopicOptions>, listener: Listener) {
    this.#connector = connector;
    this.#options = options;
    this.#listener = listener;
    this.#text = statementsOf(options.schema);
    this.#lockClass = lockClassOf(options.schema);
    this.#db = open(connector);
    this.#db.setMaxOpenConns(options.connections);
    this.#db.setMaxIdleConns(options.connections);
  }

  newId(): string {
    return uuidv7();
  }

  /** Makes the tables, or brings them up to date, unless that is somebody else's work. */
  async install(ctx: Context): Promise<void> {
    const found = await this.#version(ctx);
    if (found !== undefined) this.#check(found);
    if ((found?.version ?? 0) >= version) return;
    const { schema, install } = this.#options;
    if (!install) {
      throw new SchemaError(
        found === undefined
          ? `topic: the schema ${schema} is not there: run what schemaSQL() returns, or leave install out`
          : `topic: the schema ${schema} has version ${found.version}: bring it to ${version} with schemaSQL()`,
      );
    }
    for (let tries = 0; ; tries++) {
      try {
        await this.#migrate(ctx);
        return;
      } catch (error) {
        // Who waits for a lock on a table holds up all who come later: workers that run do not wait for a dump to end.
        if ((codeOf(error) !== locked && codeOf(error) !== deadlock) || tries === 20) throw error;
        await sleep(pauseAfter(tries));
      }
    }
  }

  async #migrate(ctx: Context): Promise<void> {
    const { schema } = this.#options;
    await using tx = await this.#db.beginTx(ctx);
    // IF NOT EXISTS does not keep two from making the same thing at the same time.
    await tx.execContext(ctx, "SELECT pg_advisory_xact_lock($1, 0)", this.#lockClass);
    await tx.execContext(ctx, "SET LOCAL lock_timeout = '1s'");
    const [there] = await rowsOf<{ there: boolean }>(
      tx.queryContext(ctx, "SELECT to_regclass($1) IS NOT NULL AS there", `${quote(schema)}.version`),
    );
    const now =
      there?.there === true
        ? await rowsOf<{ version: number; oldest: number }>(tx.queryContext(ctx, this.#text.version))
        : [];
    if (now[0] !== undefined) this.#check(now[0]);
    const from = now[0]?.version ?? 0;
    if (from < version) for (const text of migrations(schema, from)) await tx.execContext(ctx, text);
    await tx.commit();
  }

  async #version(ctx: Context): Promise<{ version: number; oldest: number } | undefined> {
    try {
      const [row] = await rowsOf<{ version: number; oldest: number }>(this.#db.queryContext(ctx, this.#text.version));
      return row;
    } catch (error) {
      // There is no such schema, or no such table.
      if (/^(3F000|42P01)$/.test(codeOf(error))) return undefined;
      throw error;
    }
  }

  #check(found: { version: number; oldest: number }): void {
    const error = this.#tooNew(found);
    if (error !== undefined) throw error;
  }

  #tooNew(found: { version: number | null; oldest: number | null }): SchemaError | undefined {
    if (found.oldest === null || found.oldest <= version) return undefined;
    return new SchemaError(
      `topic: the schema ${this.#options.schema} has version ${found.version}, which needs workers of version ${found.oldest} at least: this is version ${version}`,
    );
  }

  async declare(topic: Settings): Promise<void> {
    this.#known(topic);
  }

  #known(topic: Settings): Known {
    if (this.#isClosed) throw errClosed;
    let known = this.#topics.get(topic.name);
    if (known === undefined) {
      known = {
        // A commit waits for the one before it: two on the way take turns at the disk. What has a key keeps its order.
        sends: new Coalescer((messages) => this.#insertEach(topic, messages), { ...sending, lanes: 2 }),
        keyed: new Coalescer((messages) => this.#insertEach(topic, messages), sending),
        chains: new Map(),
        acks: new Coalescer((claims) => this.#ackAll(topic, claims), settling),
        notifiedAt: -Infinity,
        notifying: undefined,
        offers: 0,
        isForOthers: false,
        unsure: 0,
        phantoms: [],
        isKnown: false,
        ahead: undefined,
        jump: undefined,
        isAgreed: false,
        droppedAt: clock(),
      };
      this.#topics.set(topic.name, known);
    }
    return known;
  }

  async send(topic: Settings, messages: readonly Message[], tx?: Tx, ctx?: Context): Promise<readonly boolean[]> {
    const { sends, keyed } = this.#known(topic);
    if (tx !== undefined) {
      const all: boolean[] = [];
      for (const some of inBatches(messages, sending)) {
        const made = await rowsOf<{ id: string }>(tx.queryContext(ctx ?? bg, ...this.#insertion(topic, some, 0)));
        all.push(...duplicates(some, made));
      }
      afterTx(tx, (outcome) => outcome === "rolled back" || this.#wake(topic.name, areOurs(messages)));
      return all;
    }
    // One by one they go with those of others; many go as they are.
    const [only] = messages;
    if (messages.length === 1 && only !== undefined) {
      return [await (only.key === undefined ? sends : keyed).add(only)];
    }
    const all: boolean[] = [];
    for (const some of inBatches(messages, sending)) all.push(...(await this.#insert(topic, some, false)));
    return all;
  }

  /**
   * Sends what strangers have in one batch. What the server refuses, or what waits for somebody's transaction, must not fail or
   * hold up the others: then each goes by itself, and the next batch need not wait for it. Those of one key go one after the
   * other, also those of the next batches: at once, over several connections, they would lose their order.
   */
  async #insertEach(topic: Settings, messages: readonly Message[]): Promise<(boolean | Promise<boolean>)[]> {
    const { chains } = this.#known(topic);
    // Before anything is waited for: a chain may end meanwhile, and one that comes later must not be first.
    const behind = new Map<Message, Promise<boolean>>();
    for (const message of messages) {
      if (message.key !== undefined && chains.has(message.key)) behind.set(message, this.#insertOne(topic, message));
    }
    const together = messages.filter((message) => !behind.has(message));
    const results = new Map<Message, boolean | Promise<boolean>>(behind);
    try {
      const made = together.length === 0 ? [] : await this.#insert(topic, together, true);
      together.forEach((message, i) => results.set(message, made[i] === true));
    } catch (error) {
      const each = !(error instanceof UnknownOutcomeError) && (codeOf(error) === locked || together.length > 1);
      for (const message of together) {
        results.set(message, each ? this.#insertOne(topic, message) : Promise.reject(blame(message.id, error)));
      }
    }
    return messages.map((message) => results.get(message) as boolean | Promise<boolean>);
  }

  /** Sends one by itself, after those of its key that go by themselves and have not ended. */
  #insertOne(topic: Settings, message: Message): Promise<boolean> {
    const insert = async (): Promise<boolean> => (await this.#insert(topic, [message], false))[0] === true;
    const { key } = message;
    if (key === undefined) return insert();
    const { chains } = this.#known(topic);
    const sent = chains.get(key)?.then(insert) ?? insert();
    // Never rejects: what fails does not fail those behind it.
    const end: Promise<void> = sent.then(leave, leave);
    function leave(): void {
      if (chains.get(key as string) === end) chains.delete(key as string);
    }
    chains.set(key, end);
    return sent;
  }

  /** Sends all or none. If it is for several, it does not try again what waits for a transaction of others. */
  async #insert(topic: Settings, messages: readonly Message[], isShared: boolean): Promise<boolean[]> {
    const start = clock();
    let mayBeThere = false;
    for (let tries = 0; ; tries++) {
      try {
        const made = await this.#query<{ id: string }>(...this.#insertion(topic, messages, lockPatience));
        this.#wake(topic.name, areOurs(messages));
        // What is there already may be there from the try before.
        return mayBeThere ? messages.map(() => false) : duplicates(messages, made);
      } catch (error) {
        const [{ id }] = messages as [Message];
        const isLocked = codeOf(error) === locked;
        const what = kindOf(error);
        if (what === "unknown") mayBeThere = true;
        const isLate = clock() - start > persistence || this.#isClosed;
        if (what === "refused" || isLate || (isLocked && isShared)) {
          if (mayBeThere) throw new UnknownOutcomeError(id, error);
          if (!isLocked || isShared) throw error;
          throw new Error(
            `topic: ${describe(id)} was not sent: a transaction that sends the same has not ended for so long`,
            {
              cause: error,
            },
          );
        }
        await sleep(pauseAfter(tries));
      }
    }
  }

  /** The statement that sends, and its arguments. */
  #insertion(topic: Settings, messages: readonly Message[], lockWait: number): [text: string, ...args: unknown[]] {
    const rows = messages.map(({ id, key, delay, expires, headers, value }) => {
      return [id, key ?? null, delay, expires ?? null, headers === undefined ? null : JSON.stringify(headers), value];
    });
    const [only] = rows;
    if (only !== undefined && rows.length === 1) return [this.#text.insertOne, topic.name, ...only, String(lockWait)];
    const columns = [0, 1, 2, 3, 4, 5].map((i) => rows.map((row) => row[i]));
    return [this.#text.insert, topic.name, ...columns, String(lockWait)];
  }

  async claim(topic: Settings, n: number): Promise<Claims> {
    const known = this.#known(topic);
    const worker = await this.#start();
    if (!known.isAgreed) await this.#agree(topic, known);
    if (known.phantoms.length > 0) await this.#giveUpPhantoms(topic, known);
    const token = worker * claimsOfWorker + (this.#claims++ % claimsOfWorker);
    const { offers } = known;
    const args = [topic.name, n, topic.lease, this.#isGuarded ? worker : -worker, token];
    let rows: ClaimRow[];
    try {
      rows =
        topic.perKey === 0
          ? await this.#queryWithin<ClaimRow>(topic.lease / 2, this.#text.claim, ...args)
          : await this.#queryWithin<ClaimRow>(topic.lease / 2, this.#text.claimKeyed, ...args, topic.perKey);
    } catch (error) {
      if (kindOf(error) !== "refused") known.phantoms.push(token);
      throw error;
    }
    let due: number | undefined;
    const last = rows.at(-1);
    if (last === undefined || last.id === null) {
      rows.pop();
      const again = typeof last?.seq === "bigint" ? Number(last.seq) : last?.seq;
      const isUnsure = typeof again === "number";
      // Somebody else has a key in hand, and may not see what there is of it.
      known.unsure = again === 1 ? known.unsure + 1 : 0;
      // Others may have taken what we have not found; or we must not claim at all.
      const isSure = !isUnsure && (topic.perKey === 0 ? rows.length > 0 : last !== undefined);
      this.#tellRest(topic.name, known, offers, isSure ? "none" : "unknown");
      // Where nobody says that there is more, what came is a sign that there may be.
      if (rows.length === 0 || this.#isListening) due = this.#pauseUntil(last?.due ?? Infinity);
      if (isUnsure) due = Math.min(due ?? Infinity, again === 0 ? 0 : 5 * 2 ** Math.min(known.unsure, 5));
    } else {
      this.#tellRest(topic.name, known, offers, "maybe");
    }
    rows.sort((a, b) => a.run_at - b.run_at || Number(a.seq) - Number(b.seq));
    const claims = rows.map(({ id, key, attempt, value, headers, left, token, sent_at: sentAt }) => ({
      id: id as string,
      key: key ?? undefined,
      attempt,
      value,
      headers: headers ?? undefined,
      left: left ?? undefined,
      token,
      sentAt,
    }));
    return { claims, due };
  }

  /** Learns whether those who work on the topic elsewhere have the same limit for a key: two of them would be none. */
  async #agree(topic: Settings, known: Known): Promise<void> {
    const [row] = await this.#query<{ perKey: number }>(this.#text.agree, topic.name, topic.perKey);
    known.isAgreed = row?.perKey === topic.perKey;
    if (known.isAgreed) return;
    const limit = (n: number | undefined): string => (n === 0 ? "not limited" : String(n));
    throw new Error(
      `topic: perKey of ${describe(topic.name)} is ${limit(row?.perKey)} in the processes that work on it, and ${limit(topic.perKey)} here: ` +
        "nothing is claimed here as long as anything runs there",
    );
  }

  /** How long to wait when there was nothing, and the next is due in so many milliseconds. */
  #pauseUntil(due: number): number {
    const poll = this.#options.poll * (this.#isListening ? 5 : 1) * (0.75 + Math.random() / 2);
    // What has been due for a while is in the hands of others: no hurry.
    return Math.min(poll, due > 0 ? due + 1 : due > -1 ? 1 : Infinity);
  }

  /** Gives back what was claimed without our knowing: nobody else would before the lease ends. */
  async #giveUpPhantoms(topic: Settings, known: Known): Promise<void> {
    const tokens = [...known.phantoms];
    const n = await this.#exec(this.#text.phantoms, topic.name, tokens);
    known.phantoms.splice(0, tokens.length);
    if (n > 0) this.#wake(topic.name);
  }

  /** Takes a number for this worker, and begins to listen. */
  #start(): Promise<number> {
    if (this.#worker !== undefined) return this.#worker;
    const start = async (): Promise<number> => {
      const [row] = await this.#query<{ n: number }>(this.#text.worker);
      this.#number = row?.n ?? 0;
      if (this.#options.listen && !this.#isClosed) this.#listen();
      return this.#number;
    };
    const worker = start();
    this.#worker = worker;
    worker.catch(() => void (this.#worker = undefined));
    return worker;
  }

  #listen(): void {
    this.#listening = new Listening(this.#connector, quote(this.#options.schema), [this.#lockClass, this.#number], {
      up: (guarded) => {
        this.#isListening = true;
        this.#isGuarded = guarded;
        this.#listener.check();
      },
      down: () => {
        const was = this.#isListening;
        this.#isListening = this.#isGuarded = false;
        // Say at once that it was only the connection, or others will think that we are dead.
        if (was) this.#listener.check();
      },
      say: async (payload) => void (await this.#query(this.#text.notify, this.#options.schema, payload)),
      deaf: () => {
        if (this.#isDeaf) return;
        this.#isDeaf = true;
        const advice = "no notification arrives: behind a pooler in transaction mode say { listen: false }";
        this.#listener.failed("listen", new Error(`topic: ${advice}`));
      },
      heard: (payload) => {
        const [what, from, topic = "", id = "", reason = ""] = payload.split("\n");
        if (what === "c") this.#listener.canceled(topic, id, reason);
        else if (from !== this.#self) this.#listener.wake(topic);
      },
    });
  }

  async extend(topic: Settings, claims: readonly Claim[]): Promise<readonly Standing[]> {
    const worker = this.#isGuarded ? this.#number : -this.#number;
    const rows = await this.#queryWithin<{ id: string; token: number; cancel: string | null }>(
      topic.lease / 3,
      this.#text.extend,
      topic.name,
      ...idsAndTokens(claims),
      topic.lease,
      worker,
    );
    const held = new Map(rows.map((row) => [row.id, row]));
    return claims.map(({ id, token }) => {
      const row = held.get(id);
      if (row === undefined || row.token !== token) return "lost";
      return row.cancel === null ? "held" : { canceled: row.cancel };
    });
  }

  async ack(topic: Settings, claim: Claim, tx?: Tx, ctx?: Context): Promise<boolean> {
    const { acks } = this.#known(topic);
    if (tx === undefined) return acks.add(claim);
    const rows = await rowsOf(tx.queryContext(ctx ?? bg, ...this.#removal(topic, [claim])));
    if (topic.perKey > 0) afterTx(tx, () => this.#wake(topic.name, true));
    return rows.length > 0;
  }

  async #ackAll(topic: Settings, claims: readonly Claim[]): Promise<boolean[]> {
    const removal = this.#removal(topic, claims);
    let tries = 0;
    const done = await this.#persist(async () => {
      tries++;
      const rows = await this.#query<{ id: string; token: number; n?: number | null }>(...removal);
      // Of a try whose answer was lost nobody knows whom it has let in.
      if (topic.perKey > 0 && (tries > 1 || rows.some(({ n = 0 }) => n !== null && n > 0)))
        this.#wake(topic.name, true);
      return new Map(rows.map(({ id, token }) => [id, token]));
    });
    if (done.size === claims.length || tries === 1) return claims.map(({ id, token }) => done.get(id) === token);
    // The answer to an earlier try was lost: what is there no more was removed by it, or else by nobody but us.
    const rows = await this.#persist(() =>
      this.#query<{ id: string }>(this.#text.there, topic.name, idsAndTokens(claims)[0]),
    );
    const there = new Set(rows.map(({ id }) => id));
    return claims.map(({ id, token }) => done.get(id) === token || !there.has(id));
  }

  /** The statement that removes what is done, and its arguments. */
  #removal(topic: Settings, claims: readonly Claim[]): [text: string, ...args: unknown[]] {
    const [only] = claims;
    const isKeyed = claims.some(({ key }) => key !== undefined);
    if (claims.length > 1 || only === undefined) {
      return [isKeyed ? this.#text.ack : this.#text.ackFree, topic.name, ...idsAndTokens(claims)];
    }
    return [isKeyed ? this.#text.ackKeyed : this.#text.ackOne, topic.name, only.id, only.token];
  }

  async holds(topic: Settings, { id, token }: Claim): Promise<boolean> {
    return (await this.#persist(() => this.#query(this.#text.holds, topic.name, id, token))).length > 0;
  }

  async retry(
    topic: Settings,
    claim: Claim,
    delay: number,
    error: string | undefined,
  ): Promise<"done" | "lost" | "canceled"> {
    const { id, token } = claim;
    const n = await this.#persist(() => this.#exec(this.#text.retry, topic.name, id, token, delay, error ?? null));
    if (n === 0) return (await this.#bury(topic, claim, null, error)) ? "canceled" : "lost";
    // Those who wait have to learn when it is due.
    this.#wake(topic.name);
    return "done";
  }

  async giveBack(topic: Settings, claim: Claim): Promise<void> {
    const { id, token } = claim;
    const n = await this.#persist(() => this.#exec(this.#text.giveBack, topic.name, id, token));
    if (n > 0) this.#wake(topic.name);
    else await this.#bury(topic, claim, null, undefined);
  }

  bury(topic: Settings, claim: Claim, reason: string, error: string | undefined): Promise<boolean> {
    return this.#bury(topic, claim, reason, error);
  }

  /** Without a reason it is that of its cancel. */
  async #bury(topic: Settings, claim: Claim, reason: string | null, error: string | undefined): Promise<boolean> {
    const rows = await this.#persist(() =>
      this.#query(this.#text.bury, topic.name, [claim.id], [claim.token], reason, [error ?? null]),
    );
    if (claim.key !== undefined && topic.perKey > 0) this.#wake(topic.name);
    return rows.length > 0;
  }

  async sweep(topic: Settings, next: Next): Promise<Swept> {
    const known = this.#known(topic);
    const { poll } = this.#options;
    const { name } = topic;
    const [found] = await this.#query<{
      running: boolean;
      taken: boolean;
      tick: number | null;
      oldest: number | null;
      version: number | null;
      perKey: number | null;
      clock: number;
    }>(this.#text.look, name, topic.perKey > 0);
    if (found === undefined) return { pause: poll };
    const refuses = this.#tooNew(found);
    if (refuses !== undefined) return { pause: poll, refuses };
    if (found.perKey !== topic.perKey) known.isAgreed = false;
    await this.#watchClock(topic, known, found.clock, next);
    if (clock() - known.droppedAt > 60_000 && topic.keepDead < Infinity) {
      known.droppedAt = clock();
      await this.#exec(this.#text.dropDead, name, topic.keepDead);
    }
    if ((found.tick ?? Infinity) <= 0) await this.#tick(topic, next);
    let pause = Math.min(poll * 5, Math.max(found.tick ?? Infinity, 1));
    if (found.running || found.taken) pause = Math.min(pause, await this.#sweepRunning(topic, known));
    return { pause: pause * (0.75 + Math.random() / 4) };
  }

  /** Finds out whether the server's clock was put back, and does what has to be done then until nothing of it is left. */
  async #watchClock(topic: Settings, known: Known, server: number, next: Next): Promise<void> {
    const now = clock();
    const ahead = server - now;
    // The first time it may have been before our time.
    if (known.ahead === undefined || ahead < known.ahead - 1000) {
      known.jump = { at: now, again: now, horizon: undefined };
      known.ahead = ahead;
    }
    known.ahead = Math.max(known.ahead, ahead);
    const { jump } = known;
    if (jump === undefined || now < jump.again) return;
    // If this fails, or somebody has one of them locked, the next look goes on with it: soon, and then less and less often.
    jump.again = now + Math.min(now - jump.at, 60_000);
    await this.#reschedule(topic, next);
    for (;;) {
      type Row = { n: number; more: boolean; oldest: number; next: number };
      const [row] = await this.#query<Row>(this.#text.clockBack, topic.name, clockBatch);
      if (row === undefined) return;
      if (row.n > 0) this.#wake(topic.name);
      if (row.more && row.n > 0) continue;
      jump.horizon ??= row.next;
      if (!row.more && row.oldest >= jump.horizon && known.jump === jump) known.jump = undefined;
      return;
    }
  }

  /** Sets schedules anew that have times which a clock has set that was later: they would not fire until it is there again. */
  async #reschedule(topic: Settings, next: Next): Promise<void> {
    type Row = { name: string; spec: string; next_at: Date; now: Date };
    for (const { name, spec, next_at: at, now } of await this.#query<Row>(this.#text.schedules, topic.name)) {
      const then = nextAfterJump(next, spec, at, now);
      if (then !== at) await this.#exec(this.#text.reschedule, topic.name, name, at, then);
    }
  }

  /** Looks after leases, if nobody else has just done so. */
  async #sweepRunning(topic: Settings, known: Known): Promise<number> {
    const { name } = topic;
    const poll = Math.min(this.#options.poll, topic.lease / 2);
    if (!known.isKnown) {
      await this.#exec(this.#text.known, name);
      known.isKnown = true;
    }
    if ((await this.#exec(this.#text.turn, name, poll * 0.7)) === 0) return poll;
    await this.#exec(this.#text.orphans, name, this.#lockClass);
    const rows = await this.#query<{ id: string; token: number; attempt: number; cancel: string | null; left: number }>(
      this.#text.expired,
      name,
    );
    const over = rows.filter(({ left }) => left <= 0);
    const hopeless = over.filter(({ attempt, cancel }) => attempt >= topic.maxAttempts || cancel !== null);
    const others = over.filter((row) => !hopeless.includes(row));
    if (hopeless.length > 0) {
      const errors = hopeless.map(() => "the lease ran out");
      await this.#query(this.#text.buryExpired, name, ...idsAndTokens(hopeless), null, errors);
    }
    let n = others.length === 0 ? 0 : await this.#exec(this.#text.again, name, ...idsAndTokens(others));
    if (topic.perKey > 0) {
      await this.#exec(this.#text.freeSlots, name);
      n += await this.#exec(this.#text.promote, name, topic.perKey);
    }
    if (n > 0) this.#wake(name);
    // The first to end may do so before the next look.
    const first = rows.find(({ left }) => left > 0)?.left ?? Infinity;
    return Math.min(poll, Math.max(first + 1, 50));
  }

  async #tick(topic: Settings, next: Next): Promise<void> {
    const due = await this.#query<{ name: string; spec: string; next_at: Date; now: Date }>(
      this.#text.dueSchedules,
      topic.name,
    );
    for (const { name, spec, next_at: at, now } of due) {
      const id = `${name}@${at.toISOString()}`;
      const n = await this.#exec(this.#text.tick, topic.name, name, at, next(spec, at, now), id);
      if (n > 0) this.#wake(topic.name);
    }
  }

  async cancel(topic: Settings, id: string, reason: string): Promise<boolean> {
    const { name } = topic;
    // Between the two it may have begun to run, or been given back.
    for (let tries = 0; tries < 3; tries++) {
      const text = `canceled: ${reason}`;
      const waiting = await this.#query<{ key: string | null }>(this.#text.killWaiting, name, [id], [null], text, [
        null,
      ]);
      if (waiting.length > 0) {
        if (waiting[0]?.key !== null) this.#wake(name);
        return true;
      }
      const why = await this.#cancelRunning(name, id, reason);
      if (why === undefined) continue;
      this.#listener.canceled(name, id, why);
      const note = ["c", this.#self, name, id, why.replaceAll("\n", " ")].join("\n");
      // A notification has room for 8000 bytes; who does not hear it finds it when the lease is extended.
      await this.#query(this.#text.notify, this.#options.schema, note);
      return true;
    }
    return false;
  }

  /** Returns the reason that counts; undefined if it does not run. */
  async #cancelRunning(name: string, id: string, reason: string): Promise<string | undefined> {
    for (let tries = 0; ; tries++) {
      const [row] = await this.#query<{ cancel: string | null }>(this.#text.cancel, name, id, reason);
      if (row === undefined || row.cancel !== null) return row?.cancel ?? undefined;
      // Somebody has it locked: an extension for a moment, or a transaction that is to acknowledge it and takes its time. To
      // wait for that would be to cancel when all is done; its worker is told, and the row says nothing.
      if (tries === 5) return reason;
      await sleep(20);
    }
  }

  async schedule(
    topic: Settings,
    name: string,
    spec: string,
    next: Next,
    value: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const [row] = await this.#query<{ now: Date }>(this.#text.now);
    const now = row?.now ?? new Date();
    const json = headers === undefined ? null : JSON.stringify(headers);
    await this.#exec(this.#text.schedule, topic.name, name, spec, next(spec, now, now), json, value);
  }

  async unschedule(topic: Settings, name: string): Promise<boolean> {
    return (await this.#exec(this.#text.unschedule, topic.name, name)) > 0;
  }

  async counts(topic: Settings): Promise<Counts> {
    const [row] = await this.#query<{ [Name in keyof Counts]: number }>(this.#text.counts, topic.name);
    return { ...(row as Counts) };
  }

  async dead(topic: Settings, limit: number, before: DeadRecord | undefined): Promise<readonly DeadRecord[]> {
    const rows = await this.#query<{
      id: string;
      key: string | null;
      attempt: number;
      reason: string;
      error: string | null;
      sent_at: Date;
      dead_at: Date;
      value: string;
    }>(this.#text.dead, topic.name, limit, before?.deadAt ?? null, before?.id ?? null);
    return rows.map(({ id, key, attempt, reason, error, value, sent_at: sentAt, dead_at: deadAt }) => ({
      id,
      key: key ?? undefined,
      attempt,
      reason,
      error: error ?? undefined,
      value,
      sentAt,
      deadAt,
    }));
  }

  async redrive(topic: Settings, id: string | undefined): Promise<number> {
    const n = await this.#exec(this.#text.redrive, topic.name, id ?? null);
    if (n > 0) this.#wake(topic.name);
    return n;
  }

  async purge(topic: Settings, what: "dead" | "waiting"): Promise<number> {
    if (what === "dead") return this.#exec(this.#text.purgeDead, topic.name);
    const n = await this.#exec(this.#text.purgeWaiting, topic.name);
    await this.#exec(this.#text.freeSlots, topic.name);
    return n;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const owed = [...this.#topics].filter(([, { notifying }]) => notifying !== undefined);
    for (const [, known] of this.#topics) clearTimeout(known.notifying);
    for (const [name] of owed) await this.#notify(name);
    await this.#listening?.close();
    await this.#db.close().catch(() => undefined);
  }

  /**
   * Wakes the receivers of a topic everywhere: at once, and then not again before a while has passed. What a receiver here is about
   * to claim need not be told to others: see `#tellRest`.
   */
  #wake(topic: string, canBeOurs = false): void {
    const isOurs = this.#listener.wake(topic) && canBeOurs;
    const known = this.#topics.get(topic);
    if (known === undefined || this.#isClosed) return;
    if (isOurs) known.offers++;
    // What waits for a claim of ours waits no longer.
    if (!isOurs && !known.isForOthers) this.#stopNotifying(known);
    if (known.notifying !== undefined) return;
    known.isForOthers = !isOurs;
    if (isOurs) known.notifying = setTimeout(() => this.#notifySoon(topic, known), claimsWithin);
    else this.#notifySoon(topic, known);
  }

  /** Notifies now, or when the last notification is long enough ago. */
  #notifySoon(topic: string, known: Known): void {
    known.isForOthers = true;
    const fire = (): void => {
      known.notifying = undefined;
      known.notifiedAt = clock();
      go(() => this.#notify(topic));
    };
    const wait = known.notifiedAt + notifyEvery - clock();
    if (wait <= 0) fire();
    else known.notifying = setTimeout(fire, wait);
  }

  #stopNotifying(known: Known): void {
    clearTimeout(known.notifying);
    known.notifying = undefined;
  }

  /** After a claim of ours, tells the others if something is left for them of what was sent before the claim began. */
  #tellRest(topic: string, known: Known, offers: number, left: "none" | "maybe" | "unknown"): void {
    if (known.notifying === undefined || known.isForOthers || left === "unknown") return;
    if (left === "none" && known.offers !== offers) return;
    this.#stopNotifying(known);
    if (left === "maybe") this.#notifySoon(topic, known);
  }

  /** After the commit of what was sent, in a statement of its own: within it, it would hold up all commits of the server. */
  async #notify(topic: string): Promise<void> {
    try {
      await this.#query(this.#text.notify, this.#options.schema, ["w", this.#self, topic].join("\n"));
    } catch (error) {
      // It costs those who wait a poll.
      if (!this.#isClosed) this.#listener.failed("notify", error);
    }
  }

  /** Tries what must not be lost again and again while the server is away. */
  #persist<R>(f: () => Promise<R>): Promise<R> {
    return persist(f, (error) => kindOf(error) === "refused" || this.#isClosed);
  }

  #query<R extends object>(text: string, ...args: unknown[]): Promise<R[]> {
    return this.#queryWithin<R>(patience, text, ...args);
  }

  // Not under anybody's context: what is stopped half way may have been done all the same.
  async #queryWithin<R extends object>(limit: number, text: string, ...args: unknown[]): Promise<R[]> {
    const [ctx, cancel] = withTimeout(bg, limit);
    using _ = cancel;
    return await rowsOf<R>(this.#db.queryContext<R>(ctx, text, ...args));
  }

  async #exec(text: string, ...args: unknown[]): Promise<number> {
    const [ctx, cancel] = withTimeout(bg, patience);
    using _ = cancel;
    return Number((await this.#db.execContext(ctx, text, ...args)).rowsAffected());
  }

  static {
    refuseUnbound(this);
  }
}

async function rowsOf<R extends object>(query: Promise<{ toArray(): Promise<R[]> }>): Promise<R[]> {
  return (await query).toArray();
}

/** Tells whether a claim that comes now brings those of them that nobody else has. */
function areOurs(messages: readonly Message[]): boolean {
  return messages.every(({ delay }) => delay === 0);
}

/** Gives everybody the error with the identity of what is theirs. */
function blame(id: string, error: unknown): unknown {
  return error instanceof UnknownOutcomeError ? new UnknownOutcomeError(id, error.cause) : error;
}

function duplicates(messages: readonly Message[], made: readonly { id: string }[]): boolean[] {
  const left = new Set(made.map(({ id }) => id));
  // Of two in one batch the first is the one that was made.
  return messages.map(({ id }) => !left.delete(id));
}

function idsAndTokens(claims: readonly { readonly id: string; readonly token: unknown }[]): [string[], unknown[]] {
  return [claims.map(({ id }) => id), claims.map(({ token }) => token)];
}

function codeOf(error: unknown): string {
  return as(error, PostgresError)?.code ?? "";
}

/**
 * Tells what an error says of the statement: the server has refused it, has certainly not done it and may do it later, or may
 * have done it.
 */
function kindOf(error: unknown): "refused" | "later" | "unknown" {
  if (is(error, errBadConn)) return "later";
  const failure = as(error, PostgresError);
  if (failure === undefined) return as(error, StoppedError) === undefined ? "refused" : "unknown";
  const { code, severity } = failure;
  // Deadlocks, locks, starting up, too many connections, nobody there.
  if (/^(40001|40P01|55P03|57P03|53300|ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/.test(code)) return "later";
  if (as(error, StoppedError) !== undefined || severity === "") return "unknown";
  return /^(08|57P0)/.test(code) ? "unknown" : "refused";
}

/** The number of the lock's kind: another one for each schema, whose workers have numbers of their own. */
function lockClassOf(schema: string): number {
  let hash = 60_591;
  for (const char of schema) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) & 0x7fffffff;
  return hash;
}
