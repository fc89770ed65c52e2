/** Code that the rules must report, and code that they must not. */

export interface Case {
  readonly code: string;
  /** The ids of the messages, in order; none for correct code. */
  readonly found: readonly string[];
  /** The code after the fixes of the rule, if it has fixes. */
  readonly fixed?: string;
}

const right = (...codes: string[]): Case[] => codes.map((code) => ({ code, found: [] }));
const wrong = (code: string, ...found: string[]): Case => ({ code, found });

export const cases: Readonly<Record<string, readonly Case[]>> = {
  "locked-using": [
    ...right(
      "async function f(mu) { using _ = await mu.lock(); }",
      "async function f(mu) { await using _ = await mu.lock(); }",
      "async function f(mu) { await mu.lock(); try { work(); } finally { mu.unlock(); } }",
      "async function f(rw) { await rw.rLock(); rw.rUnlock(); }",
      "async function f(mu) { await mu.lock(); using _ = defer(() => mu.unlock()); }",
      "async function f(mu) { await mu.lock(); t.cleanup(mu.unlock); }",
      "class C { #mu; async begin() { await this.#mu.lock(); } end() { this.#mu.unlock(); } }",
      "async function f(mu) { const held = await mu.lock(); held[Symbol.dispose](); }",
      "async function f(door) { await door.open(); }",
    ),
    wrong("async function f(mu) { await mu.lock(); work(); }", "never"),
    wrong("async function f(rw) { await rw.rLock(); rw.unlock(); }", "never"),
    wrong("async function f(mu) { const _ = await mu.lock(); }", "never"),
    wrong("async function f(a, b) { await a.mu.lock(); b.mu.unlock(); }", "never"),
    wrong("await mu.lock(ctx);", "never"),
    wrong("class C { #mu; #other; async begin() { await this.#mu.lock(); } end() { this.#other.unlock(); } }", "never"),
  ],
  "lost-cancel": [
    ...right(
      "const [ctx, cancel] = context.withCancel(parent); using _ = cancel;",
      "const [ctx, cancel] = context.withTimeout(parent, 5); setTimeout(cancel, 1);",
      "const [ctx, cancel] = withCancel(parent); export { cancel };",
      "function f() { return context.withCancel(parent); }",
      "const [, cancel] = context.withCancel(parent); cancel();",
      "const [a] = list.withCancel(parent);",
      "const pair = context.withCancel(parent);",
      "context.withCancel(nothing);",
    ),
    wrong("const [ctx] = context.withCancel(parent);", "lost"),
    wrong("const [ctx, ] = context.withTimeoutCause(parent, 5, err);", "lost"),
    wrong("const [ctx, cancel] = context.withDeadline(parent, at);", "unused"),
    wrong("const [ctx, stop] = signal.notifyContext(parent);", "unused"),
    wrong("const ctx = context.withCancel(parent)[0];", "lost"),
  ],
  "defer-scope": [
    ...right(
      "function f() { using _ = defer(g); }",
      "const f = () => { using _ = defer(g); };",
      "using _ = defer(g);",
      "for (const x of xs) { await one(async () => { using _ = defer(g); }); }",
      "function f() { { using _ = defer(g); } }",
      "for (const x of xs) { using file = open(x); }",
      "function f() { if (a) stack.defer(g); }",
    ),
    wrong("function f() { if (a) { using _ = defer(g); } }", "branch"),
    wrong("function f() { if (a) {} else { using _ = defer(g, 1); } }", "branch"),
    wrong("function f() { for (;;) { using _ = defer(g); } }", "loop"),
    wrong("async function f() { for await (const v of ch) { await using _ = defer(g); } }", "loop"),
    wrong("function f(x) { switch (x) { case 1: { using _ = defer(g); } } }", "branch"),
  ],
  "no-async-defer": [
    ...right(
      "async function f() { await using _ = defer(async () => {}); }",
      "function f() { using _ = defer(() => {}); }",
      "function f() { using _ = defer(close); } function close() {}",
      "function f() { using _ = other.defer(async () => {}); }",
    ),
    {
      code: "async function f() { using _ = defer(async () => {}); }",
      found: ["await"],
      fixed: "async function f() { await using _ = defer(async () => {}); }",
    },
    {
      code: "async function close() {}\nusing _ = defer(close);",
      found: ["await"],
      fixed: "async function close() {}\nawait using _ = defer(close);",
    },
    wrong("function f() { using _ = defer(async () => {}); }", "outer"),
  ],
  "catch-goexit": [
    ...right(
      'import { goexit } from "gocsp/runtime"; try { goexit(); } catch (e) { throw e; }',
      'import { goexit } from "gocsp/runtime"; try { work(); } catch { }',
      'import { goexit } from "gocsp/runtime"; try { goexit(); } catch (e) { if (!isGoexit(e)) report(e); }',
      "try { goexit(); } catch { }",
      'import { goexit } from "gocsp/runtime"; try { goexit(); } finally { close(); }',
      'import * as testing from "gocsp/golib/testing"; function f(t) { try { parse(); } catch (e) { t.fatal(e); } }',
    ),
    wrong('import { goexit } from "gocsp/runtime"; try { goexit(); } catch { }', "swallows"),
    wrong(
      'import { goexit } from "gocsp"; async function f() { try { await work(); } catch (e) { log(e); } }',
      "swallows",
    ),
    wrong(
      'import * as testing from "gocsp/golib/testing"; function f(t) { try { t.fatal("no"); } catch (e) { log(e); } }',
      "swallows",
    ),
  ],
  "loop-without-await": [
    ...right(
      "async function f() { for (;;) { await work(); } }",
      "async function f() { for (;;) { for await (const v of ch) use(v); } }",
      "function* f() { for (;;) yield 1; }",
      "function f() { for (;;) { if (done()) break; } }",
      "function f() { while (true) { if (done()) return; } }",
      "function f() { outer: for (;;) { for (;;) { break outer; } } }",
      "function f() { while (ch.tryReceive() !== undefined); }",
      "function f() { while (!ch.trySend(v)) ch.tryReceive(); }",
      "async function f() { while (!mu.tryLock()) await gosched(); }",
      "function f() { for (let i = 0; i < 3; i++) work(); }",
      "function f() { for (;;) { os.exit(1); } }",
    ),
    wrong("function f() { for (;;) { work(); } }", "endless"),
    wrong("async function f() { while (true) { go(async () => { await work(); return; }); } }", "endless"),
    wrong("function f() { for (;;) { switch (x) { case 1: break; } } }", "endless"),
    wrong("async function f() { while (!mu.tryLock()); }", "spins"),
    wrong("function f() { do {} while (!ch.trySend(1)); }", "spins"),
    wrong("function f() { while (ch.tryReceive() === undefined) { n++; } }", "spins"),
  ],
  "send-promise": [
    ...right(
      "async function f() {} async function g() { await ch.send(await f()); }",
      "function f() {} ch.send(f());",
      "ch.send(1); select({ a: send(ch, v) });",
      "function f(socket) { socket.send(data); }",
      "async function f() {} go(f);",
    ),
    wrong("async function f() {} async function g() { await ch.send(f()); }", "promise"),
    wrong("const f = async () => 1; async function g() { ch.trySend(f()); }", "promise"),
    wrong("async function g() { await select({ sent: send(ch, fetch(url)) }); }", "promise"),
    wrong("ch.send(new Promise(f));", "promise"),
    wrong("ch.send((async () => 1)());", "promise"),
  ],
  "needless-mutex": [
    ...right(
      "async function f() { using _ = await mu.lock(); await work(); }",
      "async function f() { using _ = await mu.lock(); n++; } async function g() { using _ = await mu.lock(); await work(); }",
      "async function f() { await mu.lock(); await work(); mu.unlock(); }",
      "async function f() { await mu.lock(); n++; }",
    ),
    wrong("async function f() { using _ = await mu.lock(); n++; }", "needless"),
    wrong("async function f() { await mu.lock(); n++; mu.unlock(); await work(); }", "needless"),
    wrong(
      "class C { async f() { using _ = await this.mu.lock(); n++; } async g() { await this.mu.lock(); n--; this.mu.unlock(); } }",
      "needless",
      "needless",
    ),
  ],
  "no-then-method": [
    ...right(
      "class Chain { thenDo() {} }",
      "class Later implements PromiseLike<number> { then() { return this; } }",
      "const options = { then: 1 };",
      "promise.then(f);",
      'class C { ["then"]() {} }',
    ),
    wrong("class Chain { then(job) {} }", "found"),
    wrong("class Chain { then = (job) => job; }", "found"),
    wrong("const chain = { then(job) {} };", "found"),
  ],
  "select-break": [
    ...right(
      'switch (op.case) { case "a": f(); break; case "b": g(); }',
      'for (;;) { switch (op.case) { case "a": continue; case "b": { return; } case "c": throw e; default: g(); } }'.replace(
        /^/,
        "function f() { ",
      ) + " }",
      'switch (op.case) { case "a": case "b": f(); }',
      'switch (op.case) { case "a": f(); // falls through\n case "b": g(); }',
      "switch (x) { case 1: f(); case 2: g(); }",
      'function f() { switch (op.case) { case "a": if (x) { return; } else { break; } case "b": g(); } }',
    ),
    wrong('switch (op.case) { case "a": f(); case "b": g(); }', "through"),
    wrong(
      'switch (op.case) { case "a": if (x) break; case "b": g(); break; case "c": { h(); } default: }',
      "through",
      "through",
    ),
  ],
  "unbound-go": [
    ...right(
      "go(() => p.dispatch());",
      "go(dispatch, 1);",
      'import * as server from "./server.ts"; go(server.run);',
      'import { time } from "gocsp"; go(time.sleep, 1);',
      "defer(console.log);",
      "go(Store.run);",
      "class C { #f; start() { go(this.#f); } }",
      "time.afterFunc(5, () => p.stop());",
    ),
    wrong("go(p.dispatch);", "unbound"),
    wrong("go(p.dispatch, 1, x);", "unbound"),
    wrong("using _ = defer(file.close);", "unbound"),
    wrong("time.afterFunc(5, timer.fire);", "unbound"),
    wrong("class C { run() {} start() { go(this.run); } }", "unbound"),
    wrong("group.go(worker.run);", "unbound"),
  ],
};
