/** Programs of the second and the third style of `generate.ts`. */

import { derive, selectOf } from "./conducted.ts";
import { type Body, contexts, type Program, type Statement, stops } from "./program.ts";
import type { Random } from "./random.ts";

interface Channel {
  readonly ch: number;
  readonly from: number;
  readonly to: number;
  readonly capacity: number;
  /** The others are never closed, so a mux can send on them. */
  readonly closable: boolean;
}

/** Generates the goroutines of a network together, so that most values that are sent are also received. */
class Network {
  readonly #r: Random;
  /** The first one is main. */
  readonly #bodies: Statement[][];
  readonly #channels: readonly Channel[];
  /** The goroutine that ends contexts. */
  readonly #canceler: number;
  #v = 0;

  constructor(r: Random) {
    this.#r = r;
    this.#bodies = r.list(2, 5, () => []);
    this.#channels = r.list(1, 6, (i) => {
      const from = this.#anyone();
      const to = r.once(20) ? from : (from + 1 + r.below(this.#bodies.length - 1)) % this.#bodies.length;
      return { ch: i + 1, from, to, capacity: r.pick(0, 0, 1, 2, 3), closable: r.once(2) };
    });
    this.#canceler = this.#anyone();
  }

  program(): Program {
    const r = this.#r;
    for (let i = r.below(16); i >= 0; i--) this.#grow();
    if (r.once(4)) this.#add(this.#anyone(), { do: "goexit" });
    const [main, ...others] = this.#bodies.map((body) => this.#scoped(body)) as [Body, ...Body[]];
    const derived = r.list(2, contexts - 1, (i) => derive(r, i, r.below(i + 1), i + 1));
    const watched = r.list(0, stops, (stop) => ({ do: "afterFunc", ctx: r.below(contexts), stop }));
    const started = others.map((body) => (r.once(3) ? { do: "wg.go", body } : counted(0, body)));
    const count = { do: "wg.add", wg: 0, v: started.filter((it) => it.do === "go").length };
    const wait = r.once(2) ? [{ do: "wg.wait", wg: 1 }] : [];
    const capacities = this.#channels.map(({ capacity }) => capacity);
    return { style: "network", capacities, main: [...derived, ...watched, count, ...started, ...main, ...wait] };
  }

  #grow(): void {
    const r = this.#r;
    const channel = r.pick(...this.#channels);
    r.pick(
      ...Array<() => void>(6).fill(() => this.#communicate(channel)),
      ...Array<() => void>(3).fill(() => this.#mux(this.#anyone())),
      () => this.#close(channel),
      () => this.#cancel(r.below(contexts)),
      () => this.#add(this.#canceler, { do: "stop", stop: r.below(stops) }),
      () => this.#add(this.#anyone(), this.#lonely()),
      // This has no partner, so it is rare.
      () => r.once(3) && this.#add(channel.from, this.#send(channel.ch)),
      () => r.once(3) && this.#add(channel.to, this.#receive(channel.ch)),
    )();
  }

  #communicate({ ch, from, to }: Channel): void {
    const sends = this.#r.list(1, 3, () => this.#send(ch));
    this.#add(from, ...sends);
    if (this.#r.once(4)) this.#add(to, { do: "range", ch, limit: sends.length });
    else this.#add(to, ...sends.map(() => this.#receive(ch)));
  }

  #close({ ch, from, to, closable }: Channel): void {
    if (!closable) return;
    this.#add(from, { do: "close", ch });
    this.#add(to, this.#r.once(2) ? { do: "range", ch, limit: -1 } : { do: "receiveOk", ch });
  }

  #cancel(ctx: number): void {
    const r = this.#r;
    this.#add(this.#canceler, r.once(2) ? { do: "cancel", ctx, v: ++this.#v } : { do: "cancelWithoutCause", ctx });
    // Another context may be derived from it.
    this.#add(this.#anyone(), { do: "awaitDone", ctx: r.once(3) ? r.below(contexts) : ctx });
  }

  #mux(who: number): void {
    const r = this.#r;
    const streams: Statement[] = [];
    for (const { ch, from, to, closable } of r.shuffled(this.#channels).slice(0, 4)) {
      const n = 1 + r.below(3);
      if (to === who) {
        const closes = closable && r.once(2);
        for (let i = 0; i < n; i++) this.#add(from, this.#send(ch));
        if (closes) this.#add(from, { do: "close", ch });
        streams.push({ do: "take", ch, limit: closes ? -1 : n });
      } else if (from === who && !closable) {
        for (let i = 0; i < n; i++) this.#add(to, this.#receive(ch));
        streams.push({ do: "offer", ch, from: this.#v + 1, to: this.#v + n });
        this.#v += n;
      }
    }
    const count = streams.length;
    if (count === 1) streams.push({ do: "onNothing" });
    if (count > 0) this.#add(who, { do: r.pick("mux", "muxAgain"), streams, count });
  }

  #lonely(): Statement {
    const v = ++this.#v;
    return this.#r.pick<Statement>(
      { do: "mu.sum", v },
      { do: "once.sum" },
      { do: "gosched" },
      { do: "panic", v },
      { do: "recover", body: [{ do: "panic", v }] },
      { do: "wg.wait", wg: 0 },
      { do: "recover", body: [{ do: "close", ch: 0 }] },
      { do: "look", ch: 0 },
      { do: "tryReceive", ch: 0 },
      this.#receive(0),
      this.#send(0),
    );
  }

  #send(ch: number): Statement {
    const v = ++this.#v;
    if (!this.#r.once(4)) return { do: "send", ch, v };
    return selectOf(this.#r, [
      { do: "onReceive", ch: 0 },
      { do: "onSend", ch, v },
    ]);
  }

  #receive(ch: number): Statement {
    const onReceive = { do: "onReceive", ch };
    return this.#r.pick<Statement>(
      { do: "receive", ch },
      { do: "receiveOk", ch },
      selectOf(this.#r, [onReceive]),
      selectOf(this.#r, [onReceive, { do: "onSend", ch: 0, v: 1 }]),
    );
  }

  /**
   * Puts some of the statements into blocks; a goexit stays outside, where no recover has to distinguish it from a
   * panic.
   */
  #scoped(body: Body): Body {
    const r = this.#r;
    const scoped: Statement[] = [];
    let inside: Body;
    for (let rest = body; rest.length > 0; rest = rest.slice(inside.length)) {
      inside = rest.slice(0, 1 + r.below(5));
      const stays = inside.length === body.length || inside.some((it) => it.do === "goexit");
      if (stays || !r.once(3)) scoped.push(...inside);
      else scoped.push({ do: r.pick("call", "recover", "recover", "defer"), body: this.#scoped(inside) });
    }
    return scoped;
  }

  #anyone(): number {
    return this.#r.below(this.#bodies.length);
  }

  #add(who: number, ...statements: Statement[]): void {
    this.#bodies[who]?.push(...statements);
  }
}

export function network(r: Random): Program {
  return new Network(r).program();
}

export function pool(r: Random): Program {
  const [jobs, results] = [1, 2];
  const senders = r.list(1, 4, (i) => {
    const sends = r.list(0, 6, (j) => ({ do: "send", ch: jobs, v: 10 * i + j + 1 }));
    return counted(0, sends);
  });
  const workers = r.list(1, 4, (v) =>
    counted(1, [
      { do: "forward", ch: jobs, to: results },
      { do: "mu.sum", v },
    ]),
  );
  const closer = (ch: number, wg: number): Statement => ({
    do: "go",
    body: [
      { do: "wg.wait", wg },
      { do: "close", ch },
    ],
  });
  return {
    style: "pool",
    capacities: [r.below(4), r.below(4)],
    main: [
      { do: "wg.add", wg: 0, v: senders.length },
      { do: "wg.add", wg: 1, v: workers.length },
      ...r.shuffled([...senders, ...workers, closer(jobs, 0), closer(results, 1)]),
      { do: "receiveAll", ch: results },
    ],
  };
}

/** A goroutine that a WaitGroup counts. */
function counted(wg: number, body: Body): Statement {
  return { do: "go", body: [{ do: "defer", body: [{ do: "wg.done", wg }] }, ...body] };
}
