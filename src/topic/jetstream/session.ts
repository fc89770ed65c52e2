import { randomUUID } from "node:crypto";
import { type Chan, chan } from "../../chan/chan.ts";
import type { Context } from "../../context/context.ts";
import { describe } from "../../runtime/arguments.ts";
import { go } from "../../runtime/goroutine.ts";
import { refuseUnbound } from "../../runtime/unbound.ts";
import { select } from "../../select/select.ts";
import { after, sleep } from "../../time/time.ts";
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
import { type Headers, type Msg, type Nats, shield } from "./client.ts";

/** How long an answer may take, in milliseconds. */
const patience = 5000;
/** How long a pull waits at the server, in milliseconds. */
const pullFor = 5000;

/** How many bytes one pull may bring: the server closes connections whose readers it has to wait for. */
const mostBytes = 1 << 24;
/** What the server allows for headers. What is sent must leave room for them: a dead message has more of them than one that waits. */
const mostHeaders = 1 << 16;
/** How many bytes a value may have: one that fits into no pull would be in the way of all that are behind it. */
export const mostValue: number = mostBytes - mostHeaders;
const mostRemembered = 10_000;
/** For how long we go by what the server's clock has said, in milliseconds. */
const timeLasts = 60_000;

/** Errors of the server's, by their numbers. */
const wrongSequence = 10_071;
const noMessage = 10_037;
const streamInUse = 10_058;
const consumerExists = new Set([10_148, 10_105]);

/** What the server has answered with. */
class JetStreamError extends Error {
  readonly number: number;

  constructor(subject: string, { description, err_code: number }: { description?: string; err_code?: number }) {
    super(`topic: the NATS server says: ${description ?? "no"} (${subject}, ${number ?? 0})`);
    this.name = "JetStreamError";
    this.number = number ?? 0;
  }
}

interface Stored {
  readonly subject: string;
  readonly seq: number;
  readonly time: string;
  readonly data?: string;
  readonly hdrs?: string;
}

/** A dead message, with where it is and what it carried. */
interface StoredDead extends DeadRecord {
  readonly seq: number;
  readonly headers: Record<string, string> | undefined;
}

/** What a claim has to say to the server. */
interface Token {
  readonly reply: string;
  readonly seq: number;
}

interface Arrived {
  readonly message: Msg;
  readonly at: number;
}

/** What is known of a topic. */
interface Known {
  readonly stream: string;
  readonly dead: string;
  readonly prefix: string;
  /** Messages that are here and that no claim has taken. */
  readonly arrived: Arrived[];
  readonly arrival: Chan<void>;
  /** How many the server still owes to our pulls. */
  asked: number;
  /** How many of each pull, by the subject of its answers. */
  readonly pulls: Map<string, number>;
  pulled: number;
  inbox: string;
  /** Whether nobody has answered the last pull: there is no such consumer. */
  isMissing: boolean;
  /** Whether the next message is one that no pull can bring. */
  isBlocked: boolean;
  /** Which of those that are out were canceled, by their numbers in the stream. */
  readonly canceled: Map<number, string>;
  /** The latest that were acknowledged here. */
  readonly acked: Set<number>;
  readonly unsubscribe: () => void;
}

/** One process's connection to NATS. */
export class JetStreamSession implements Session {
  readonly #nats: Nats;
  readonly #headers: () => Headers;
  readonly #replicas: number;
  readonly #listener: Listener;
  readonly #topics = new Map<string, Known>();
  /** By how much the server's clock was ahead of ours, which only moves forward, when it told us last; and when that was. */
  #ahead = Date.now() - clock();
  #toldAt = -Infinity;
  #isClosed = false;

  constructor(nats: Nats, headers: () => Headers, replicas: number, listener: Listener) {
    this.#nats = nats;
    this.#headers = headers;
    this.#replicas = replicas;
    this.#listener = listener;
    go(() => this.#watch());
  }

  /** After a reconnect all pulls are gone, and cancels may have been missed. */
  async #watch(): Promise<void> {
    shield(this.#nats);
    for await (const { type } of this.#nats.status()) {
      if (type !== "reconnect") continue;
      shield(this.#nats);
      for (const known of this.#topics.values()) {
        known.asked = 0;
        known.pulls.clear();
      }
      this.#listener.check();
    }
  }

  newId(): string {
    return randomUUID();
  }

  async declare(topic: Settings): Promise<void> {
    const stream = `TOPIC_${nameOf(topic.name)}`;
    const prefix = `gocsp.topic.${nameOf(topic.name)}`;
    const common = { storage: "file", num_replicas: this.#replicas, allow_direct: true };
    await this.#create(stream, {
      ...common,
      subjects: [`${prefix}.>`],
      retention: "workqueue",
      allow_msg_schedules: true,
      allow_msg_ttl: true,
      // With its headers; what else a pull counts are subjects.
      max_msg_size: mostBytes - 4096,
    });
    await this.#create(`${stream}_DEAD`, {
      ...common,
      subjects: [`gocsp.dead.${nameOf(topic.name)}.>`],
      retention: "limits",
      max_msgs_per_subject: 1,
      max_age: topic.keepDead === Infinity ? 0 : Math.round(topic.keepDead * 1e6),
    });
    const config = {
      durable_name: "workers",
      ack_policy: "explicit",
      ack_wait: Math.round(topic.lease * 1e6),
      filter_subject: `${prefix}.q.>`,
      max_ack_pending: 20_000,
      max_deliver: -1,
      max_waiting: 4096,
    };
    try {
      const what = `CONSUMER.DURABLE.CREATE.${stream}.workers`;
      this.#told(await this.#ask<{ ts?: string }>(what, { stream_name: stream, config }));
    } catch (error) {
      if (!(error instanceof JetStreamError && consumerExists.has(error.number))) throw error;
      const info = await this.#ask<{ config: { ack_wait: number } }>(`CONSUMER.INFO.${stream}.workers`);
      throw new Error(
        `topic: the lease of ${topic.name} is ${info.config.ack_wait / 1e6} ms at the server, and ${topic.lease} ms here`,
        { cause: error },
      );
    }
    if (!this.#topics.has(topic.name)) this.#topics.set(topic.name, this.#subscribe(topic, stream, prefix));
  }

  async #create(name: string, config: object): Promise<void> {
    try {
      await this.#ask(`STREAM.CREATE.${name}`, { name, ...config });
    } catch (error) {
      // Another process may have other replicas or other times in mind: what is there is good enough.
      if (!(error instanceof JetStreamError && error.number === streamInUse)) throw error;
    }
  }

  /** Learns what the server's clock says, unless it has told us a short while ago. */
  async #askTime(stream: string): Promise<void> {
    if (clock() - this.#toldAt < timeLasts) return;
    this.#told(await this.#ask<{ ts?: string }>(`CONSUMER.INFO.${stream}.workers`));
  }

  #told({ ts }: { ts?: string }): void {
    if (ts === undefined) return;
    this.#toldAt = clock();
    this.#ahead = Date.parse(ts) - this.#toldAt;
  }

  /** What the server's clock says, in milliseconds: our own may have been set by hand. */
  #now(): number {
    return this.#ahead + clock();
  }

  #subscribe(topic: Settings, stream: string, prefix: string): Known {
    const inbox = `_INBOX.${randomUUID()}`;
    const subscriptions = [
      this.#nats.subscribe(`${inbox}.*`, { callback: (_error, message) => this.#arrive(known, message) }),
      this.#nats.subscribe(`gocsp.cancel.${nameOf(topic.name)}`, {
        callback: (_error, message) => {
          const { id, seq, reason } = message.json<{ id: string; seq: number; reason: string }>();
          // The work may have been done before anybody here heard of it: then it is no dead one.
          if (known.acked.has(seq)) {
            this.#dropDead(known, id).catch((error: unknown) => this.#listener.failed("cancel", error));
            return;
          }
          known.canceled.set(seq, reason);
          this.#listener.canceled(topic.name, id, reason);
        },
      }),
    ];
    const known: Known = {
      stream,
      dead: `${stream}_DEAD`,
      prefix,
      arrived: [],
      arrival: chan<void>(1),
      asked: 0,
      pulls: new Map(),
      pulled: 0,
      inbox,
      isMissing: false,
      isBlocked: false,
      canceled: new Map(),
      acked: new Set(),
      unsubscribe: () => {
        for (const subscription of subscriptions) subscription.unsubscribe();
      },
    };
    return known;
  }

  #known(topic: Settings): Known {
    const known = this.#topics.get(topic.name);
    if (this.#isClosed || known === undefined) throw errClosed;
    return known;
  }

  async send(topic: Settings, messages: readonly Message[]): Promise<readonly boolean[]> {
    const known = this.#known(topic);
    for (const { value } of messages) this.#checkSize(value);
    const isTimed = messages.some(({ delay, expires }) => delay > 0 || expires !== undefined);
    // Without an answer what it said before is good enough.
    if (isTimed) await this.#askTime(known.stream).catch(() => undefined);
    return Promise.all(messages.map((message) => this.#send(topic, known, message)));
  }

  /** Refuses what the package would not write: that looks like a server that is away. */
  #checkSize(value: string): void {
    const payload = this.#nats.info?.max_payload ?? Infinity;
    const size = Buffer.byteLength(value);
    if (size <= payload - mostHeaders) return;
    throw new RangeError(
      `topic: the value has ${size} bytes of JSON, more than the NATS server takes: its max_payload is ${payload}, of which ${mostHeaders} are for headers`,
    );
  }

  async #send(
    topic: Settings,
    { prefix }: Known,
    { id, key, delay, expires, headers, value }: Message,
  ): Promise<boolean> {
    const target = `${prefix}.q.${tokenOf(id)}`;
    const h = this.#headers();
    h.set("Gocsp-Sent", String(Math.round(this.#now())));
    if (key !== undefined) h.set("Gocsp-Key", encodeURIComponent(key));
    if (expires !== undefined) h.set("Gocsp-Deadline", String(Math.round(this.#now() + expires)));
    if (headers !== undefined) h.set("Gocsp-Headers", encodeURIComponent(JSON.stringify(headers)));
    // One of a subject at a time: that is what makes the identity one. The server's own window would also swallow what is sent
    // again after it was settled.
    h.set("Nats-Expected-Last-Subject-Sequence", "0");
    if (delay > 0) {
      h.set("Nats-Schedule", `@at ${new Date(Math.ceil(this.#now() + delay)).toISOString()}`);
      h.set("Nats-Schedule-Target", target);
    }
    const subject = delay > 0 ? `${prefix}.s.${tokenOf(id)}` : target;
    const start = clock();
    for (let tries = 0; ; tries++) {
      try {
        await this.#publish(subject, value, h);
        return false;
      } catch (error) {
        if (error instanceof JetStreamError) {
          // After a try whose answer was lost it may be there because of that.
          if (error.number === wrongSequence) return tries === 0;
          throw error;
        }
        if (this.#isClosed || clock() - start > persistence) throw new UnknownOutcomeError(id, error);
        await sleep(pauseAfter(tries));
        // Somebody may have deleted the stream.
        await this.declare(topic).catch(() => undefined);
      }
    }
  }

  async claim(topic: Settings, n: number, until: Context): Promise<Claims> {
    const known = this.#known(topic);
    if (known.isMissing) {
      known.isMissing = false;
      await this.declare(topic);
    }
    const wait = Math.min(pullFor, topic.lease / 4);
    const more = n - known.asked - known.arrived.length;
    if (more > 0) {
      const reply = `${known.inbox}.${++known.pulled}`;
      known.asked += more;
      known.pulls.set(reply, more);
      const pull = { batch: more, max_bytes: mostBytes, expires: Math.round(wait * 1e6) };
      this.#nats.publish(`$JS.API.CONSUMER.MSG.NEXT.${known.stream}.workers`, JSON.stringify(pull), { reply });
    }
    if (known.arrived.length === 0) {
      await select({ arrival: known.arrival, late: after(wait + 100), done: until.done() });
      // What was asked over a connection that broke is never answered.
      if (known.arrived.length === 0 && known.pulls.size > 8) this.#forgetPulls(known);
    }
    if (known.isBlocked && known.arrived.length === 0) {
      known.isBlocked = false;
      throw new Error(
        `topic: the next message of ${describe(topic.name)} at the NATS server has more than ${mostBytes} bytes with its headers: it keeps back all behind it until it is removed from the stream ${known.stream}`,
      );
    }
    const isTimed = known.arrived.some(({ message }) => message.headers?.get("Gocsp-Deadline"));
    if (isTimed) await this.#askTime(known.stream).catch(() => undefined);
    const now = clock();
    const claims: Claim[] = [];
    for (const { message, at } of known.arrived.splice(0, n)) {
      // The lease began when it arrived; whoever waits for a delivery counts from now on.
      if (now - at > topic.lease / 10) this.#nats.publish(message.reply as string, "+WPI");
      claims.push(claimOf(message, this.#now()));
    }
    if (known.arrived.length > 0) known.arrival.trySend();
    return { claims, due: claims.length > 0 ? undefined : 0 };
  }

  #forgetPulls(known: Known): void {
    known.pulls.clear();
    known.asked = 0;
  }

  /** A message comes with its own subject; only a status tells how much of which pull is still owed. */
  #arrive(known: Known, message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (message.data.length === 0 && code >= 400) {
      const owed = known.pulls.get(message.subject) ?? 0;
      const left = Number(message.headers?.get("Nats-Pending-Messages") ?? "") || owed;
      known.pulls.delete(message.subject);
      if (code === 503) known.isMissing = true;
      // That the rest of a pull has no room for the next one is no news; that a whole pull has none is.
      const isSize = message.headers?.description === "Message Size Exceeds MaxBytes";
      if (isSize && message.headers.get("Nats-Pending-Bytes") === String(mostBytes)) known.isBlocked = true;
      known.asked = Math.max(known.asked - left, 0);
      known.arrival.trySend();
      return;
    }
    if (message.reply === undefined || code === 100) return;
    known.asked = Math.max(known.asked - 1, 0);
    const arrived = { message, at: clock() };
    known.arrived.push(arrived);
    known.arrival.trySend();
    // Nobody has to wait for what nobody here takes.
    const timer = setTimeout(() => {
      const index = known.arrived.indexOf(arrived);
      if (index < 0) return;
      known.arrived.splice(index, 1);
      if (!this.#isClosed) this.#nats.publish(message.reply as string, "-NAK");
    }, 200);
    timer.unref();
  }

  async extend(topic: Settings, claims: readonly Claim[]): Promise<readonly Standing[]> {
    const known = this.#known(topic);
    return Promise.all(claims.map((claim) => this.#extend(known, claim, topic.lease / 3)));
  }

  async #extend(known: Known, claim: Claim, timeout: number): Promise<Standing> {
    const { reply, seq } = claim.token as Token;
    await this.#nats.request(reply, "+WPI", { timeout });
    const canceled = known.canceled.get(seq);
    if (canceled !== undefined) return { canceled };
    // A cancel that we have not heard: the message is not there any more, and a dead one says why.
    if ((await this.#get(known.stream, { seq })) !== undefined) return "held";
    let reason: string | undefined;
    for (let tries = 0; reason === undefined && tries < 4; tries++) {
      // Who cancels says why a moment later.
      if (tries > 0) await sleep(50);
      const dead = await this.#get(known.dead, { last_by_subj: deadSubject(known, claim.id) });
      if (dead !== undefined) reason = headersOf(dead)["Gocsp-Reason"];
    }
    if (reason === undefined) return "lost";
    const said = decodeURIComponent(reason).replace(/^canceled: /, "");
    known.canceled.set(seq, said);
    return { canceled: said };
  }

  async ack(topic: Settings, claim: Claim): Promise<boolean> {
    const known = this.#known(topic);
    const { reply, seq } = claim.token as Token;
    await this.#persist(() => this.#nats.request(reply, "+ACK", { timeout: patience }));
    known.acked.add(seq);
    if (known.acked.size > mostRemembered) for (const first of known.acked) if (known.acked.delete(first)) break;
    // The work was done although it was canceled: it is no dead one.
    if (known.canceled.delete(seq)) await this.#dropDead(known, claim.id);
    return true;
  }

  async holds(topic: Settings, claim: Claim): Promise<boolean> {
    return (await this.#get(this.#known(topic).stream, { seq: (claim.token as Token).seq })) !== undefined;
  }

  async retry(topic: Settings, claim: Claim, delay: number): Promise<"done" | "lost" | "canceled"> {
    const known = this.#known(topic);
    const { reply, seq } = claim.token as Token;
    if (known.canceled.delete(seq)) return "canceled";
    const nak = delay > 0 ? `-NAK {"delay":${Math.round(delay * 1e6)}}` : "-NAK";
    await this.#persist(() => this.#nats.request(reply, nak, { timeout: patience }));
    return "done";
  }

  async giveBack(topic: Settings, claim: Claim): Promise<void> {
    await this.retry(topic, claim, 0);
  }

  async bury(topic: Settings, claim: Claim, reason: string, error: string | undefined): Promise<boolean> {
    const known = this.#known(topic);
    const { reply, seq } = claim.token as Token;
    known.canceled.delete(seq);
    await this.#persist(() => this.#publishDead(known, claim, reason, error));
    await this.#persist(() => this.#nats.request(reply, "+TERM", { timeout: patience }));
    return true;
  }

  #publishDead(
    known: Known,
    dead: Pick<Claim, "id" | "key" | "attempt" | "sentAt" | "headers" | "value">,
    reason: string,
    error: string | undefined,
  ): Promise<unknown> {
    const h = this.#headers();
    h.set("Gocsp-Reason", encodeURIComponent(reason));
    h.set("Gocsp-Attempt", String(dead.attempt));
    h.set("Gocsp-Sent", String(dead.sentAt.getTime()));
    if (dead.key !== undefined) h.set("Gocsp-Key", encodeURIComponent(dead.key));
    if (dead.headers !== undefined) h.set("Gocsp-Headers", encodeURIComponent(JSON.stringify(dead.headers)));
    if (error !== undefined) h.set("Gocsp-Error", encodeURIComponent(error));
    return this.#publish(deadSubject(known, dead.id), dead.value, h);
  }

  async #dropDead(known: Known, id: string): Promise<void> {
    await this.#ask(`STREAM.PURGE.${known.dead}`, { filter: deadSubject(known, id) });
  }

  async sweep(): Promise<Swept> {
    // The server looks after leases and schedules.
    return { pause: Infinity };
  }

  async cancel(topic: Settings, id: string, reason: string): Promise<boolean> {
    const known = this.#known(topic);
    for (const kind of ["q", "s"]) {
      const stored = await this.#get(known.stream, { last_by_subj: `${known.prefix}.${kind}.${tokenOf(id)}` });
      if (stored === undefined) continue;
      const { "Gocsp-Key": key, "Gocsp-Sent": sent, "Gocsp-Headers": headers } = headersOf(stored);
      const dead = {
        id,
        key: key === undefined ? undefined : decodeURIComponent(key),
        attempt: 0,
        sentAt: new Date(Number(sent) || stored.time),
        headers: readHeaders(headers),
        value: fromBase64(stored.data),
      };
      const { seq } = stored;
      // Somebody else may have settled it meanwhile.
      if (!(await this.#delete(known.stream, seq))) continue;
      await this.#persist(() => this.#publishDead(known, dead, `canceled: ${reason}`, undefined));
      this.#nats.publish(`gocsp.cancel.${nameOf(topic.name)}`, JSON.stringify({ id, seq, reason }));
      return true;
    }
    return false;
  }

  async schedule(
    topic: Settings,
    name: string,
    spec: string,
    _next: Next,
    value: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { prefix, stream } = this.#known(topic);
    this.#checkSize(value);
    const subject = `${prefix}.c.${tokenOf(name)}`;
    // The server's expressions have seconds in front.
    const at = /^\d+$/.test(spec) ? `@every ${Math.round(Number(spec))}ms` : `0 ${spec}`;
    const old = await this.#get(stream, { last_by_subj: subject });
    if (old !== undefined && headersOf(old)["Nats-Schedule"] === at && fromBase64(old.data) === value) return;
    const h = this.#headers();
    h.set("Nats-Schedule", at);
    h.set("Nats-Schedule-Target", `${prefix}.q.~${tokenOf(name)}`);
    if (headers !== undefined) h.set("Gocsp-Headers", encodeURIComponent(JSON.stringify(headers)));
    await this.#publish(subject, value, h);
  }

  async unschedule(topic: Settings, name: string): Promise<boolean> {
    const { prefix, stream } = this.#known(topic);
    return (await this.#purge(stream, `${prefix}.c.${tokenOf(name)}`)) > 0;
  }

  async counts(topic: Settings): Promise<Counts> {
    const { stream, dead: deadStream, prefix } = this.#known(topic);
    const info = await this.#ask<{ num_ack_pending: number; ts: string }>(`CONSUMER.INFO.${stream}.workers`);
    const { num_ack_pending: out, ts } = info;
    const dead = await this.#ask<{ state: { messages: number } }>(`STREAM.INFO.${deadStream}`, {});
    const [schedules] = await this.#count(stream, `${prefix}.c.>`);
    // Both from one answer: what becomes due meanwhile is counted once.
    const [delayed, all] = await this.#count(stream, `${prefix}.s.>`);
    const due = Math.max(all - delayed - schedules, 0);
    const running = Math.min(out, due);
    const ready = due - running;
    let oldestReady = 0;
    if (ready > 0) {
      const first = await this.#get(stream, { seq: 1, next_by_subj: `${prefix}.q.>` });
      if (first !== undefined) oldestReady = Math.max(Date.parse(ts) - Date.parse(first.time), 0);
    }
    return { ready, delayed, behind: 0, running, dead: dead.state.messages, oldestReady };
  }

  /** Counts the messages of some subjects, each of which has one, and those of the whole stream. */
  async #count(stream: string, filter: string): Promise<[some: number, all: number]> {
    type Info = { total?: number; state: { messages: number; subjects?: Record<string, number> } };
    const { total, state } = await this.#ask<Info>(`STREAM.INFO.${stream}`, { subjects_filter: filter });
    return [total ?? Object.keys(state.subjects ?? {}).length, state.messages];
  }

  async dead(topic: Settings, limit: number, before: DeadRecord | undefined): Promise<readonly StoredDead[]> {
    const known = this.#known(topic);
    type State = { state: { first_seq: number; last_seq: number; messages: number } };
    const { state } = await this.#ask<State>(`STREAM.INFO.${known.dead}`, {});
    let seq = state.last_seq;
    if (before !== undefined) seq = (before as StoredDead).seq - 1;
    const records: StoredDead[] = [];
    for (; state.messages > 0 && seq >= state.first_seq && records.length < limit; seq--) {
      const stored = await this.#get(known.dead, { seq });
      if (stored === undefined) continue;
      const h = headersOf(stored);
      records.push({
        seq,
        id: idOf(stored.subject, seq),
        key: h["Gocsp-Key"] === undefined ? undefined : decodeURIComponent(h["Gocsp-Key"]),
        attempt: Number(h["Gocsp-Attempt"]),
        reason: decodeURIComponent(h["Gocsp-Reason"] ?? ""),
        error: h["Gocsp-Error"] === undefined ? undefined : decodeURIComponent(h["Gocsp-Error"]),
        sentAt: new Date(Number(h["Gocsp-Sent"])),
        deadAt: new Date(stored.time),
        headers: readHeaders(h["Gocsp-Headers"]),
        value: fromBase64(stored.data),
      });
    }
    return records;
  }

  async redrive(topic: Settings, id: string | undefined): Promise<number> {
    const known = this.#known(topic);
    let n = 0;
    for (let last: DeadRecord | undefined; ;) {
      const records = await this.dead(topic, 100, last);
      for (const record of records) {
        if (id !== undefined && record.id !== id) continue;
        const { value, key, headers } = record;
        const message = { id: record.id, key, value, delay: 0, expires: undefined, headers };
        // First there, then not here: a crash between the two leaves one too many, which is told by its identity.
        if (await this.#send(topic, known, message)) continue;
        await this.#dropDead(known, record.id);
        n++;
      }
      if (records.length < 100) return n;
      last = records.at(-1);
    }
  }

  async purge(topic: Settings, what: "dead" | "waiting"): Promise<number> {
    const { dead, stream, prefix } = this.#known(topic);
    if (what === "dead") return this.#purge(dead, ">");
    let n = await this.#purge(stream, `${prefix}.s.>`);
    // The server cannot tell what waits from what runs, but for handing it out.
    const pull = JSON.stringify({ batch: 1, no_wait: true });
    for (;;) {
      const message = await this.#nats.request(`$JS.API.CONSUMER.MSG.NEXT.${stream}.workers`, pull, {
        timeout: patience,
        noMux: true,
      });
      if (message.reply === undefined || message.reply === "") return n;
      await this.#nats.request(message.reply, "+TERM", { timeout: patience });
      n++;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const known of this.#topics.values()) {
      known.unsubscribe();
      for (const { message } of known.arrived.splice(0)) this.#nats.publish(message.reply as string, "-NAK");
    }
    await this.#nats.close();
  }

  /** Asks the server's API; throws what it complains about. */
  async #ask<R>(what: string, request: object = {}): Promise<R> {
    if (this.#isClosed) throw errClosed;
    const answer = await this.#nats.request(`$JS.API.${what}`, JSON.stringify(request), { timeout: patience });
    const { error, ...rest } = answer.json<{ error?: { description?: string; err_code?: number } }>();
    if (error !== undefined) throw new JetStreamError(what, error);
    return rest as R;
  }

  async #publish(subject: string, value: string, headers: Headers): Promise<void> {
    if (this.#isClosed) throw errClosed;
    const answer = await this.#nats.request(subject, value, { timeout: patience, headers });
    const { error } = answer.json<{ error?: { description?: string; err_code?: number } }>();
    if (error !== undefined) throw new JetStreamError(subject, error);
  }

  /** Reads a message of a stream; undefined if there is none. */
  async #get(stream: string, which: object): Promise<Stored | undefined> {
    try {
      return (await this.#ask<{ message: Stored }>(`STREAM.MSG.GET.${stream}`, which)).message;
    } catch (error) {
      if (error instanceof JetStreamError && error.number === noMessage) return undefined;
      throw error;
    }
  }

  async #delete(stream: string, seq: number): Promise<boolean> {
    try {
      await this.#ask(`STREAM.MSG.DELETE.${stream}`, { seq, no_erase: true });
      return true;
    } catch (error) {
      if (error instanceof JetStreamError) return false;
      throw error;
    }
  }

  async #purge(stream: string, filter: string): Promise<number> {
    return (await this.#ask<{ purged: number }>(`STREAM.PURGE.${stream}`, { filter })).purged;
  }

  /** Tries what must not be lost again and again while the server is away. */
  #persist<R>(f: () => Promise<R>): Promise<R> {
    return persist(f, (error) => error instanceof JetStreamError || this.#isClosed);
  }

  static {
    refuseUnbound(this);
  }
}

/** Names of streams have no dots. */
function nameOf(topic: string): string {
  return topic.replaceAll(".", "=");
}

/** Writes an identity as a part of a subject. */
function tokenOf(id: string): string {
  return Buffer.from(id).toString("base64url");
}

/** Reads it; the ticks of a schedule have the number in the stream behind its name. */
function idOf(subject: string, seq: number): string {
  const token = subject.slice(subject.lastIndexOf(".") + 1);
  const isTick = token.startsWith("~");
  const id = Buffer.from(isTick ? token.slice(1) : token, "base64url").toString();
  return isTick ? `${id}@${seq}` : id;
}

function deadSubject(known: Known, id: string): string {
  return `${known.prefix.replace(/^gocsp\.topic\./, "gocsp.dead.")}.${tokenOf(id)}`;
}

function claimOf(message: Msg, now: number): Claim {
  const reply = message.reply as string;
  const parts = reply.split(".");
  // $JS.ACK.<stream>.<consumer>.<delivered>.<seq>.<consumer's seq>.<time>.<pending>, or with domain and account in front.
  const at = parts.length === 9 ? 4 : 6;
  const seq = Number(parts[at + 1]);
  const h = message.headers;
  const read = (name: string): string | undefined => h?.get(name) || undefined;
  const [key, headers, deadline, sent] = [
    read("Gocsp-Key"),
    read("Gocsp-Headers"),
    read("Gocsp-Deadline"),
    read("Gocsp-Sent"),
  ];
  return {
    id: idOf(message.subject, seq),
    key: key === undefined ? undefined : decodeURIComponent(key),
    attempt: Number(parts[at]),
    sentAt: new Date(Number(sent) || Number(parts[at + 3]) / 1e6),
    headers: readHeaders(headers),
    value: message.string(),
    left: deadline === undefined ? undefined : Number(deadline) - now,
    token: { reply, seq } satisfies Token,
  };
}

/** Reads what is carried with a message. */
function readHeaders(text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : (JSON.parse(decodeURIComponent(text)) as Record<string, string>);
}

/** Reads the headers of a stored message. */
function headersOf(stored: Stored): Record<string, string> {
  const lines = fromBase64(stored.hdrs).split("\r\n").slice(1);
  return Object.fromEntries(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
}

function fromBase64(text = ""): string {
  return Buffer.from(text, "base64").toString();
}
