// Falls again into each trap that the conductor was built around, one at a time, and looks whether the test that is to
// keep it out of there fails. Writes bench/results/traps.md: node test/conductor/traps.ts [part of a name], after npm run build.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";

interface Trap {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
  /** A part of the test's name, with that of its group. */
  readonly named: string;
}

const conductor = "src/conductor/conductor.ts";
const bubble = "test/synctest/bubble.test.ts";
const world = "test/synctest/world.test.ts";
const explore = "test/explore/explore.test.ts";

const traps: readonly Trap[] = [
  {
    what: "delays are rounded before an attached clock sees them",
    file: "src/runtime/alarms.ts",
    from: "this.#clock.setTimeout(callback, delay)",
    to: "this.#clock.setTimeout(callback, Math.ceil(delay))",
    test: bubble,
    named: "sleeps take exactly their duration",
  },
  {
    what: "an alarm that rings inside the pump starts a second pump",
    file: conductor,
    from: "if (this.#pumping || !this.running) return;",
    to: "if (!this.running) return;",
    test: world,
    named: "steps never overlap",
  },
  {
    what: "who comes back from a foreign wait and parks starts nothing",
    file: conductor,
    from: "    // Who comes back from a foreign wait and parks calls no schedule.\n    this.#kick();\n",
    to: "",
    test: world,
    named: "who comes back from the world outside lets the others go on, and > parks",
  },
  {
    what: "who comes back from a foreign wait and ends starts nothing",
    file: conductor,
    from: "    this.#alive--;\n    this.#kick();\n",
    to: "    this.#alive--;\n",
    test: world,
    named: "who comes back from the world outside lets the others go on, and > ends",
  },
  {
    what: "the schedule takes what was never parked, such as the waiters of contexts that are not ours",
    file: conductor,
    from: "if (wait === undefined) {",
    to: "if (wait === undefined) {\n        return true;",
    test: world,
    named: "contexts that are not ours > end waits by their channels, before time passes, in a bubble",
  },
  {
    what: "a fatal error ends the process",
    file: conductor,
    from: "      fatal: (error) => at().#fatal(error),\n",
    to: "",
    test: world,
    named: "a fatal error fails the test",
  },
  {
    what: "two bubbles that begin at once do not queue for the door",
    file: conductor,
    from: "      await new Promise<void>((ended) => queue.push(ended));\n",
    to: "      break;\n",
    test: bubble,
    named: "concurrent bubbles take turns",
  },
  {
    what: "who watches keeps out the one that decides",
    file: "src/runtime/attach.ts",
    from: "if (own.decides && attached[0]?.decides === true) {",
    to: "if (attached.length > 0) {",
    test: "test/trace/trace.test.ts",
    named: "recordings combine with each other and with a bubble",
  },
  {
    what: "the host is asked only if a goroutine waits for nothing else: a race with a file looks durable",
    file: conductor,
    from: 'return typeof foreign === "function" ? foreign() :',
    to: 'return typeof foreign === "function" ? this.#foreign().length > 0 && foreign() :',
    test: world,
    named: "the clock stands still while the bubble waits for > a race of an operation and the world",
  },
  {
    what: "the callbacks of I/O run inside somebody's step",
    file: conductor,
    from: "readonly #pump = (): void => {\n    this.#current = undefined;",
    to: "readonly #pump = (): void => {",
    test: "test/conductor/identity.test.ts",
    named: "nobody is at work while the event loop turns, where it does not",
  },
  {
    what: "priorities starve goroutines behind those that poll",
    file: "src/explore/strategies.ts",
    from: "const maxAge = 500;",
    to: "const maxAge = Infinity;",
    test: explore,
    named: "a goroutine that can go on does not wait for ever behind others that poll",
  },
  {
    what: "in the order of reference one that polls goes on for ever",
    file: conductor,
    from: "const maxInRow = 100;",
    to: "const maxInRow = Infinity;",
    test: explore,
    named: "a goroutine that can go on does not wait for ever behind others that poll",
  },
  {
    what: "channels from outside block durably",
    file: conductor,
    from: "    return outsiders.has(state) && homes.get(on) !== this;",
    to: "    return false;",
    test: "test/synctest/go.test.ts",
    named: "one receives a value: TestChannelFromOutsideBubble",
  },
  {
    what: "a bubble's channels may be used from outside",
    file: conductor,
    from: "if (this.who() === undefined) return undefined;\n    homes.set",
    to: "if (this.who() !== undefined) return undefined;\n    homes.set",
    test: bubble,
    named: "a bubble's channel cannot be used from outside",
  },
  {
    what: "going back prints again",
    file: "src/explore/session.ts",
    from: "        else this.#log?.tell(",
    to: "        else original.apply(console, values), this.#log?.tell(",
    test: "test/explore/session.test.ts",
    named: "what the program prints is an event",
  },
  {
    what: "time passes early without end: a ticker starves all others",
    file: conductor,
    from: "const maxEarly = 8;",
    to: "const maxEarly = Infinity;",
    test: explore,
    named: "with slow a timer becomes due although nobody waits for it",
  },
  {
    what: "explore stops time at the end, so that each sleeper is a leak",
    file: "src/explore/run.ts",
    from: "const overtime = 1000;",
    to: "const overtime = 0;",
    test: explore,
    named: "goroutines that sleep when f has returned are late",
  },
  {
    what: "synctest lets time go on at the end, unlike Go",
    file: conductor,
    from: 'const { foreign = "durable", overtime = 0 } = this.given;',
    to: 'const { foreign = "durable", overtime = 1000 } = this.given;',
    test: bubble,
    named: "time stops when f has returned",
  },
  {
    what: "operations that need not wait are no points",
    file: conductor,
    from: "    const { runnable } = this;\n    if (runnable.length === 1",
    to: `    const { runnable } = this;
    const mine = runnable.findIndex(({ routine, why }) => why === "ready" && routine === this.#last);
    if (mine >= 0) return runnable.splice(mine, 1)[0] as Strand;
    if (runnable.length === 1`,
    test: "test/explore/corpus.test.ts",
    named: "explore finds, with every seed, that > check, then act, across an await",
  },
  {
    what: "a token forgets slow",
    file: "src/explore/token.ts",
    from: 'return { slow: order === "stay.slow", choices, check };',
    to: "return { slow: false, choices, check };",
    test: explore,
    named: "time passes only when nobody can go on",
  },
  {
    what: "goroutines that are left stay on the runtime's list",
    file: conductor,
    from: "      live.delete(goroutine);",
    to: "",
    test: explore,
    named: "runs keep no memory",
  },
  {
    what: "one run without a choice is called all there is",
    file: "src/explore/explore.ts",
    from: "if (deviations?.exhausted === true && first !== undefined) {",
    to: "if (false as boolean && first !== undefined) {",
    test: explore,
    named: "a program that does not repeat itself is told so",
  },
  {
    what: "whether a timer that was stopped still moves the clock is up to the host's turns",
    file: "src/runtime/alarms.ts",
    from: "if (hooks?.schedule === undefined) onNextTurn",
    to: "if (this.#disarming) onNextTurn",
    test: explore,
    named: "with slow no time passes for a timer that was stopped",
  },
  {
    what: "a chain of the host's ticks is not waited for",
    file: conductor,
    from: "if (this.runnable.length === 0 && this.ticked && this.#turns++ < maxTurns) {",
    to: "if (false as boolean) {",
    test: world,
    named: "a stream, which goes on chains of ticks",
  },
  {
    what: "what the host does is not counted by whose it is: the test runner's timers stop the clock",
    file: "src/conductor/activity.ts",
    from: "if (silent.has(type) || hostIdentity?.getStore() === undefined) return;",
    to: "if (silent.has(type)) return;",
    test: world,
    named: "the world's own timers do not stop the clock of a bubble",
  },
];

const folder = mkdtempSync(join(tmpdir(), "gocsp-traps-"));
const rows: string[] = [];
let kept = 0;
try {
  const parts = readdirSync(root).filter((name) =>
    /^(package\.json|vitest\.config\.ts|tsconfig.*|src|test|dist)$/.test(name),
  );
  for (const part of parts) {
    const filter = (path: string): boolean => !path.includes("node_modules");
    cpSync(join(root, part), join(folder, part), { recursive: true, filter });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const results = join(folder, "results.json");
  /** Tells whether the test passes. */
  const passes = ({ test, named }: Trap): boolean => {
    rmSync(results, { force: true });
    const pattern = named
      .split(" > ")
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(".{1,3}");
    const args = [
      vitest,
      "run",
      "--root",
      folder,
      "--reporter=json",
      `--outputFile=${results}`,
      join(folder, test),
      "-t",
      pattern,
    ];
    const { stdout, stderr, signal, status } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      timeout: 180_000,
      env: { ...process.env, VITEST: "", NO_COLOR: "1" },
    });
    // One that does not end has noticed.
    if (signal !== null) return false;
    if (!existsSync(results)) throw new Error(stdout + stderr);
    const json = readFileSync(results, "utf8");
    const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(json) as Record<string, number>;
    if (numPassedTests + numFailedTests === 0 && status === 0) throw new Error(`no test is named ${named}`);
    // An error that ends a process fails the run, if no test.
    return status === 0;
  };
  for (const trap of traps.filter(({ what }) => what.includes(process.argv[2] ?? ""))) {
    const { what, file, from, to, test, named } = trap;
    const path = join(folder, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
    if (!passes(trap)) throw new Error(`it fails as it is: ${test}, ${named}`);
    writeFileSync(
      path,
      source.replace(from, () => to),
    );
    const noticed = !passes(trap);
    writeFileSync(path, source);
    if (noticed) kept++;
    rows.push(`| ${what} | \`${test}\`: ${named} | ${noticed ? "fails" : "**passes**"} |`);
    console.log(rows.at(-1));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (process.argv[2] === undefined) {
  writeFileSync(
    join(root, "bench/results/traps.md"),
    `# The conductor's traps

The library falls into each of them again, one at a time, and the test that keeps it out must fail:
${kept} of ${rows.length} do. What each trap is about: [ARCHITECTURE.md](../../ARCHITECTURE.md#the-conductor).

Written by \`node test/conductor/traps.ts\`.

| trap | test | in the trap |
| --- | --- | --- |
${rows.join("\n")}
`,
  );
}
