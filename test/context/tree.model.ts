/**
 * What a tree of contexts must look like, computed from a history instead of being kept up to date: an event list
 * and, for each question, a walk over it. Nothing of the library is used.
 */

export const kinds = [
  "cancel",
  "cancelCause",
  "timeout",
  "deadline",
  "value",
  "withoutCancel",
  "embedding",
  "ownDone",
  "signal",
] as const;

export type Kind = (typeof kinds)[number];

export interface Node {
  readonly kind: Kind;
  readonly parent: number;
  readonly born: number;
  readonly delay: number;
  readonly lateCause: Error | undefined;
  readonly key: number;
  readonly bound: number;
}

interface End {
  readonly err: string;
  readonly cause: string;
}

const canceled = "context canceled";
const exceeded = "context deadline exceeded";
const never = undefined;

export class Model {
  readonly nodes: Node[] = [];
  #now: number;
  /** The end of each node, its own or inherited; set once. */
  readonly #ends: (End | undefined)[] = [];
  /** Functions registered at each node: waiting, started, or stopped. */
  readonly #functions: ("waiting" | "started" | "stopped")[] = [];
  /** The cause of each node when its end was noticed: a user's context may change it when an ancestor ends later. */
  readonly #reasons: (string | undefined)[] = [];

  constructor(now: number) {
    this.#now = now;
    this.derive("cancelCause", -1, { delay: 0, lateCause: undefined, key: 0, bound: 0 });
  }

  get root(): Node {
    return this.nodes[0] as Node;
  }

  derive(kind: Kind, parent: number, rest: Pick<Node, "delay" | "lateCause" | "key" | "bound">): Node {
    const node: Node = { kind, parent, born: this.#now, ...rest };
    this.nodes.push(node);
    this.#ends.push(never);
    this.#functions.push("waiting");
    this.#spread();
    return node;
  }

  cancel(at: number, cause: Error | undefined): void {
    const { kind } = this.nodes[at] as Node;
    if (kind === "value" || kind === "withoutCancel" || kind === "embedding") return;
    const err = kind === "ownDone" ? (cause?.message ?? canceled) : canceled;
    const own =
      kind === "cancel" || kind === "timeout" || kind === "deadline" ? canceled : (cause?.message ?? canceled);
    this.#end(at, { err, cause: own });
    this.#spread();
  }

  /** Lets time pass in the smallest steps, so that events come in the order of their due times. */
  advance(by: number): void {
    for (let i = 0; i < by; i++) {
      this.#now++;
      this.#spread();
    }
  }

  stop(at: number): boolean {
    const was = this.#functions[at];
    if (was === "waiting") this.#functions[at] = "stopped";
    return was === "waiting";
  }

  predict(at: number): unknown {
    const end = this.#endOf(at);
    const cause = end === undefined ? undefined : this.#cause(at, end);
    return {
      err: end?.err,
      cause,
      done: end !== undefined ? "closed" : this.#canEnd(at) ? "open" : "nil",
      deadline: this.#deadline(at),
      values: [0, 1, 2].map((key) => this.#value(at, key)),
      signal: this.#reason(at),
      called: this.#functions[at] === "started" ? 1 : 0,
    };
  }

  #end(at: number, end: End): void {
    this.#ends[at] ??= end;
  }

  /** Propagates every end, oldest node first: a parent is always older than its children. */
  #spread(): void {
    for (let at = 0; at < this.nodes.length; at++) {
      const node = this.nodes[at] as Node;
      const above = node.parent < 0 ? undefined : this.#endOf(node.parent);
      if (inherits(node.kind) && above !== undefined) {
        this.#end(at, { err: above.err, cause: this.#cause(node.parent, above) });
      }
      const due = this.#due(at);
      if (due !== undefined && due <= this.#now) {
        this.#end(at, { err: exceeded, cause: node.lateCause?.message ?? exceeded });
      }
      const end = this.#endOf(at);
      if (end === undefined) continue;
      if (this.#functions[at] === "waiting") this.#functions[at] = "started";
      this.#reasons[at] ??= this.#cause(at, end);
    }
  }

  /** The end as `err` returns it: values and embeddings have their parent's. */
  #endOf(at: number): End | undefined {
    if (at < 0) return undefined;
    const { kind, parent } = this.nodes[at] as Node;
    if (kind === "withoutCancel") return undefined;
    return kind === "value" || kind === "embedding" ? this.#endOf(parent) : this.#ends[at];
  }

  /** A user's context with its own channel has the cause of its nearest cancelable ancestor, if that one has ended. */
  #cause(at: number, end: End): string {
    for (let above = at; above >= 0; above = (this.nodes[above] as Node).parent) {
      const { kind } = this.nodes[above] as Node;
      if (kind === "withoutCancel") return end.err;
      if (inherits(kind)) return this.#ends[above]?.cause ?? end.err;
    }
    return end.err;
  }

  /** Values share the signal of what they are derived from. */
  #reason(at: number): string | undefined {
    const { kind, parent } = this.nodes[at] as Node;
    return kind === "value" ? this.#reason(parent) : this.#reasons[at];
  }

  #canEnd(at: number): boolean {
    if (at < 0) return false;
    const { kind, parent } = this.nodes[at] as Node;
    if (kind === "withoutCancel") return false;
    return kind === "value" || kind === "embedding" ? this.#canEnd(parent) : true;
  }

  /** The deadline that a node sets, if it is not later than the inherited one. */
  #due(at: number): number | undefined {
    const { kind, parent, born, delay } = this.nodes[at] as Node;
    if (kind !== "timeout" && kind !== "deadline") return undefined;
    const above = this.#deadline(parent);
    const own = born + delay;
    return above !== undefined && above < own ? undefined : own;
  }

  #deadline(at: number): number | undefined {
    if (at < 0) return undefined;
    const { kind, parent } = this.nodes[at] as Node;
    if (kind === "withoutCancel") return undefined;
    return this.#due(at) ?? this.#deadline(parent);
  }

  #value(at: number, key: number): number | undefined {
    if (at < 0) return undefined;
    const node = this.nodes[at] as Node;
    return node.kind === "value" && node.key === key ? node.bound : this.#value(node.parent, key);
  }
}

/** Whether a node is one of the library's that ends with its parent. */
function inherits(kind: Kind): boolean {
  return kind !== "value" && kind !== "embedding" && kind !== "withoutCancel" && kind !== "ownDone";
}
