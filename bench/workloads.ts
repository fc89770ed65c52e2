// The workloads: what each is called, what a correct run yields, and which ratios are wanted. README.md says what they do.

/** One workload: all subjects do the same work under this name. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What one operation is: the unit of the times. */
  readonly per: string;
  /** What a correct run of n operations returns. */
  check(n: number): number;
  /** The number of operations, where a time per operation says nothing; a quick run does a quarter. */
  readonly fixed?: number;
  /** The wanted ratios to Go on one core, for each form of ours. */
  readonly toGo?: Readonly<Record<string, number>>;
  /** How many times faster than the best rival the best form of ours is wanted. */
  readonly toRival?: number;
}

/** The form of a workload that has only one. */
export const plain = "";

const sum = (n: number): number => (n * (n - 1)) / 2;
const count = (n: number): number => n;

const workload = (
  name: string,
  title: string,
  per: string,
  check: (n: number) => number,
  wanted: Omit<Workload, "name" | "title" | "per" | "check"> = {},
): Workload => ({ name, title, per, check, ...wanted });

export const workloads: readonly Workload[] = [
  workload("pingpong", "unbuffered ping-pong", "round trip", (n) => sum(n) + n, {
    toGo: { await: 0.8, try: 0.8 },
    toRival: 1.5,
  }),
  workload("stream0", "unbuffered stream", "value", sum, { toGo: { await: 0.8, try: 0.8 }, toRival: 1.5 }),
  workload("stream128", "buffered(128) stream", "value", sum, {
    toGo: { await: 2, "for-await": 2, try: 0.3 },
    toRival: 3,
  }),
  workload("select-ready", "select of 2, one ready", "select", sum, {
    toGo: { object: 2, selector: 1, try: 0.6 },
    toRival: 4,
  }),
  workload("select-blocked", "select of 2, blocked", "select", sum, { toGo: { object: 1, selector: 0.8 }, toRival: 2 }),
  workload("stream-ctx", "stream, both sides watch a context", "value", sum, {
    toGo: { object: 1, selector: 1, ctx: 0.6 },
  }),
  workload("fanin", "fan-in, 100 senders", "value", sum, { toGo: { await: 0.8, try: 0.8 }, toRival: 1.5 }),
  workload("sieve", "prime sieve to the 2000th prime", "prime", primeAt, {
    fixed: 2000,
    toGo: { await: 1, try: 1 },
    toRival: 2,
  }),
  workload("spawn", "start + finish a goroutine", "goroutine", count),
  workload("spawn-park", "start a goroutine that parks once", "goroutine", count),
  workload("ctx-cancel", "withCancel + cancel", "context", count, { toGo: { plain: 0.4, done: 0.4 } }),
  workload("ctx-child", "child of a live parent + cancel", "context", count, { toGo: { [plain]: 0.4 } }),
  workload("ctx-tree", "cancel a tree of 1000", "child", count, { toGo: { [plain]: 0.4 } }),
  workload("ctx-timeout", "withTimeout + cancel", "context", count, { toGo: { [plain]: 0.4 } }),
  workload("ctx-value", "ctx.value at depth 10", "look-up", count, { toGo: { [plain]: 0.4 } }),
  workload("after", "time.after loses to a ready case", "select", sum, { toGo: { [plain]: 0.8 } }),
  workload("after-blocked", "time.after loses a blocked select", "select", sum, { toGo: { [plain]: 0.8 } }),
  workload("newchan", "new channel", "channel", count),
  workload("mutex", "mutex, uncontended", "lock + unlock", count),
  workload("mutex-contended", "mutex, 10 goroutines", "lock + unlock", count),
  workload("waitgroup", "WaitGroup of one", "wait", count),
  workload("errgroup", "errgroup with limit 8", "task", count),
  workload("semaphore", "semaphore, uncontended", "acquire + release", count),
  workload("semaphore-contended", "semaphore of 2, 10 goroutines", "acquire + release", count),
  workload("limiter", "rate limiter, allow", "call", count),
];

export function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined)
    throw new Error(`no such workload: ${name} (of: ${workloads.map((w) => w.name).join(", ")})`);
  return found;
}

/** Returns the nth prime, the first being 2. */
function primeAt(n: number): number {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < n; candidate++) {
    if (!primes.some((prime) => candidate % prime === 0)) primes.push(candidate);
  }
  return primes[n - 1] ?? 0;
}
