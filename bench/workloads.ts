// The workloads: what each is called, and what a correct run yields. README.md says what they do.

/** One workload: all subjects do the same work under this name. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What one operation is: the unit of the times. */
  readonly per: string;
  /** What a correct run of n operations returns. */
  check(n: number): number;
  /** The fixed number of operations, for workloads that need one; a quick run does a quarter. */
  readonly fixed?: number;
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
  fixed?: number,
): Workload => ({ name, title, per, check, ...(fixed === undefined ? {} : { fixed }) });

export const workloads: readonly Workload[] = [
  workload("pingpong", "unbuffered ping-pong", "round trip", (n) => sum(n) + n),
  workload("stream0", "unbuffered stream", "value", sum),
  workload("stream128", "buffered(128) stream", "value", sum),
  workload("select-ready", "select of 2, one ready", "select", sum),
  workload("select-blocked", "select of 2, blocked", "select", sum),
  workload("stream-ctx", "stream, both sides watch a context", "value", sum),
  workload("fanin", "fan-in, 100 senders", "value", sum),
  workload("sieve", "prime sieve to the 2000th prime", "prime", primeAt, 2000),
  workload("spawn", "start + finish a goroutine", "goroutine", count),
  workload("spawn-park", "start a goroutine that parks once", "goroutine", count),
  workload("ctx-cancel", "withCancel + cancel", "context", count),
  workload("ctx-child", "child of a live parent + cancel", "context", count),
  workload("ctx-tree", "cancel a tree of 1000", "child", count),
  workload("ctx-timeout", "withTimeout + cancel", "context", count),
  workload("ctx-value", "ctx.value at depth 10", "look-up", count),
  workload("after", "time.after loses to a ready case", "select", sum),
  workload("after-blocked", "time.after loses a blocked select", "select", sum),
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
