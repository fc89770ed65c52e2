// Breaks the library in ways that only some schedules show, and looks whether test/explore/library notices. Writes
// bench/results/explore-mutations.md: node test/explore/mutations.ts, after npm run build.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";

interface Mutation {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutations: readonly Mutation[] = [
  {
    what: "who gives up when a context ends stays in the channel's queue",
    file: "chan/with-context.js",
    from: "this.operation.queue?.remove(this.operation);",
    to: "",
  },
  {
    what: "close wakes one receiver",
    file: "chan/channel.js",
    from: "w = this.#receivers?.first) {",
    to: "w = undefined) {",
  },
  {
    what: "the losers of a select stay in their queues",
    file: "select/selection.js",
    from: "    serve(waiter, value, ok) {\n        this.#withdraw();",
    to: "    serve(waiter, value, ok) {\n        waiter.queue?.remove(waiter);",
  },
  {
    what: "who waits behind one that gives up is not looked at again (semaphore)",
    file: "semaphore/semaphore.js",
    from: "() => this.#admit());",
    to: "() => {});",
  },
  {
    what: "tokens that are granted while the context ends are kept (semaphore)",
    file: "semaphore/semaphore.js",
    from: "            this.release(n);\n            throw ended;",
    to: "            throw ended;",
  },
  {
    what: "small requests overtake big ones (semaphore)",
    file: "semaphore/semaphore.js",
    from: "this.#size - this.#taken >= n && this.#waiting.isEmpty()",
    to: "this.#size - this.#taken >= n",
  },
  {
    what: "readers enter beside a writer",
    file: "sync/rwmutex.js",
    from: "return !this.#writing && this.#waitingWriters.isEmpty();",
    to: "return this.#waitingWriters.isEmpty();",
  },
  {
    what: "readers behind a writer that gives up are not let in",
    file: "sync/rwmutex.js",
    from: "if (!this.#writing && this.#waitingWriters.isEmpty())",
    to: "if (false)",
  },
  {
    what: "a WaitGroup lets go at one",
    file: "sync/waitgroup.js",
    from: "if (this.#count > 0)",
    to: "if (this.#count > 1)",
  },
  {
    what: "Once does not wait for the first call",
    file: "sync/once.js",
    from: '(this.#state === "done" ? readyVoid() : this.#waiting)',
    to: "readyVoid()",
  },
  {
    what: "Cond.wait returns without its lock",
    file: "sync/cond.js",
    from: "            await this.l.lock();",
    to: "            if (!this.l.tryLock()) await 0;",
  },
  {
    what: "an errgroup starts one more than its limit",
    file: "errgroup/errgroup.js",
    from: "chan(n)",
    to: "chan(n + 1)",
  },
  {
    what: "the last error of an errgroup wins",
    file: "errgroup/errgroup.js",
    from: "        if (this.#failed)\n            return;",
    to: "",
  },
  {
    what: "singleflight never joins a flight",
    file: "singleflight/singleflight.js",
    from: "const call = this.#join(this.do, key, f);",
    to: "this.#calls.delete(key); const call = this.#join(this.do, key, f);",
  },
  {
    what: "a limiter keeps the tokens of who gives up",
    file: "rate/limiter.js",
    from: "reservation.cancel();",
    to: "",
  },
  {
    what: "Timer.stop says yes when the function has run",
    file: "time/timer.js",
    from: "        return this.#event.cease();",
    to: "        this.#event.cease();\n        return true;",
  },
  {
    what: "the place of a closed connection is given to nobody (sql)",
    file: "sql/pool.js",
    from: "        this.#open--;\n        this.#admit();",
    to: "        this.#open--;",
  },
  {
    what: "a request's context ends with the answer, while its handler still runs",
    file: "http/exchange.js",
    from: "if (this.#closed && this.#running === 0)",
    to: "if (this.#closed)",
  },
  {
    what: "who answers too late is not replaced",
    file: "http/timeout.js",
    from: "buffered.replace(503, body, errHandlerTimeout)",
    to: "undefined",
  },
  {
    what: "fetchHandler's context goes on when an answer without a body is out",
    file: "http/fetch-handler.js",
    from: "        cancel();\n        return response;",
    to: "        return response;",
  },
  {
    what: "shutdown does not look at its context",
    file: "http/shutdown.js",
    from: 'if (op.case === "done")',
    to: "if (false)",
  },
  {
    what: "a channel gets signals that it has not asked for",
    file: "signal/process.js",
    from: "sinks.get(key) !== sink || !sink.signals.has(signal)",
    to: "sinks.get(key) !== sink",
  },
  {
    what: "a signal ends its context without a cause",
    file: "signal/context.js",
    from: "cancelAs(ctx, new SignalError(signal))",
    to: "cancelAs(ctx, canceled)",
  },
  {
    what: "a command is waited for twice",
    file: "exec/cmd.js",
    from: "if (this.#isWaited)",
    to: "if (false)",
  },
  {
    what: "a canceled command says nothing of its context",
    file: "exec/cmd.js",
    from: "this.#ending !== undefined && this.#ctx !== undefined ? cause(this.#ctx) : undefined",
    to: "undefined",
  },
  {
    what: "a late acknowledgement counts although the message is out again (topic)",
    file: "topic/memory.js",
    from: 'row?.state === "running" && row.token === claim.token ? row : undefined',
    to: "row",
  },
  {
    what: "two messages of a key run at a time (topic)",
    file: "topic/memory.js",
    from: "places.size >= topic.perKey",
    to: "places.size > topic.perKey",
  },
  {
    what: "an event that was dropped is not counted",
    file: "events/subscription.js",
    from: "            subscription.dropped++;\n            // No receiver waits",
    to: "            // No receiver waits",
  },
];

const folder = mkdtempSync(join(tmpdir(), "gocsp-mutations-"));
const dist = join(folder, "dist");
try {
  for (const path of ["package.json", "dist", "test/explore/library", "test/sql/fake", "test/support"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "test/explore"), { recursive: true });
  writeFileSync(
    join(folder, "test/explore/run.ts"),
    `import { explore, ExploreError } from "gocsp/explore";
import { library } from "./library/library.ts";
for (const { name, run, slow } of library) {
  const error = await explore(run, { runs: 1000, seed: 5, maxSteps: 5000, slow }).catch((error) => error);
  if (error instanceof Error) {
    console.log(JSON.stringify({ name, run: error.run ?? 0, text: error.message.split("\\n")[0] }));
    process.exit(0);
  }
}
console.log("{}");
`,
  );
  const look = (): { name?: string; run?: number; text?: string } => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "test/explore/run.ts")], { encoding: "utf8" });
    const last = stdout.trim().split("\n").at(-1) ?? "";
    if (!last.startsWith("{")) throw new Error(stdout + stderr);
    return JSON.parse(last) as ReturnType<typeof look>;
  };
  if (look().name !== undefined) throw new Error(`the library itself fails: ${JSON.stringify(look())}`);
  const rows: string[] = [];
  let noticed = 0;
  for (const { what, file, from, to } of mutations) {
    const path = join(dist, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, source.replace(from, to));
    const { name, run, text } = look();
    writeFileSync(path, source);
    if (name !== undefined) noticed++;
    rows.push(
      `| ${what} | ${name ?? "not noticed"} | ${run ?? ""} | ${(text ?? "").replaceAll(`${folder}/`, "").replaceAll("|", "\\|")} |`,
    );
    console.log(rows.at(-1));
  }
  writeFileSync(
    join(root, "bench/results/explore-mutations.md"),
    `# Mutations of the library

The library is broken on purpose, one thing at a time; the programs of \`test/explore/library\` run under 1,000 schedules each
until one fails. ${noticed} of ${mutations.length} mutations are noticed. *Schedule*: the number of the first that failed.

Written by \`node test/explore/mutations.ts\`.

| mutation | noticed by | schedule | how |
| --- | --- | --: | --- |
${rows.join("\n")}
`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
