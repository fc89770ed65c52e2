// Goroutines that never stop, in the form that the first argument names, and around them everything that needs the event
// loop. The program ends when all of that has happened.
import { readFile } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Chan, chan, context, go, gosched, select, selector, send, time } from "gocsp";

const background = context.background();

/** Starts two goroutines that exchange values endlessly, by what each of them does in a turn. */
function pair(capacity: number, turn: (from: Chan<number>, to: Chan<number>) => Promise<unknown>): void {
  const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    go(async () => {
      for (;;) await turn(from, to);
    });
  }
  go(() => a.send(1));
}

function forEver(turn: () => unknown): void {
  go(async () => {
    for (;;) await turn();
  });
}

function burn(milliseconds: number): void {
  const start = performance.now();
  while (performance.now() - start < milliseconds);
}

const passOn = async (from: Chan<number>, to: Chan<number>): Promise<void> => to.send((await from.receive()) ?? 0);

const closed = chan<number>();
closed.close();
const [ended, end] = context.withCancel(background);
end();

const forms: Record<string, () => unknown> = {
  plain: () => pair(0, passOn),
  buffered: () => pair(16, passOn),
  "try first": () => {
    const ch = chan<number>(4);
    go(async () => {
      for (;;) if (!ch.trySend(1)) await ch.send(1);
    });
    go(async () => {
      for (;;) if (ch.tryReceive() === undefined) await ch.receive();
    });
  },
  select: () =>
    pair(0, async (from, to) => {
      const op = await select({ from, never: chan() });
      await select({ sent: send(to, op.case === "from" ? (op.value ?? 0) : 0), done: background.done() });
    }),
  selector: () => {
    const ch = chan<number>();
    const sent = send(ch, 1);
    const [sending, receiving] = [selector({ sent, done: background.done() }), selector({ ch, never: chan() })];
    forEver(async () => sending.trySelect() ?? (await sending.select()));
    forEver(async () => receiving.trySelect() ?? (await receiving.select()));
  },
  "for await": () => {
    const ch = chan<number>();
    forEver(() => ch.send(1));
    go(async () => {
      for await (const _ of ch);
    });
  },
  "with a context": () => {
    const [ctx] = context.withCancel(background);
    pair(0, async (from, to) => to.send((await from.receive(ctx)) ?? 0, ctx));
  },
  "spawn chain": () => go(again),
  "spawn pairs": () => {
    const ch = chan<number>();
    forEver(async () => {
      go(() => ch.send(1));
      await ch.receive();
    });
  },
  gosched: () => forEver(gosched),
  default: () => forEver(() => select({ never: chan(), default: true })),
  "sleep of no time": () => forEver(() => time.sleep(0)),
  "timers of no time": () => forEver(() => time.after(0).receive()),
  "closed channel": () => forEver(() => closed.receive()),
  "failing sends": () => forEver(() => closed.send(1).catch(() => undefined)),
  "failing receives": () =>
    forEver(() =>
      chan()
        .receive(ended)
        .catch(() => undefined),
    ),
  "failing sleeps": () => forEver(() => time.sleep(ended, 1).catch(() => undefined)),
  "failing selects": () => forEver(() => select({ sent: send(closed, 1) }).catch(() => undefined)),
  "new contexts": () =>
    forEver(async () => {
      const [ctx, cancel] = context.withCancel(background);
      go(cancel);
      await ctx.done().receive();
    }),
  "slow turns": () =>
    pair(0, async (from, to) => {
      burn(1);
      await passOn(from, to);
    }),
  "slow starts": () => {
    burn(1);
    go(forms["slow starts"] as () => unknown);
  },
  "a thousand pairs": () => {
    for (let i = 0; i < 1000; i++) pair(0, passOn);
  },
};

function again(): void {
  go(again);
}

const waiting = new Set<string>();

/** Runs `begin`, which calls its argument when what it waits for has happened. */
function expectSoon(what: string, begin: (happened: () => void) => unknown): void {
  waiting.add(what);
  begin(() => {
    waiting.delete(what);
    console.log(what);
    if (waiting.size === 0) process.exit();
  });
}

forms[process.argv[2] as string]?.();
expectSoon("setTimeout", (happened) => setTimeout(happened, 50));
expectSoon("setImmediate", (happened) => setImmediate(happened));
expectSoon("sleep", (happened) => go(() => time.sleep(50).then(happened)));
expectSoon("after", (happened) => go(() => time.after(50).receive().then(happened)));
expectSoon("afterFunc", (happened) => time.afterFunc(1 * time.microsecond, happened));
expectSoon("ticker", (happened) => go(() => time.tick(10).receive().then(happened)));
expectSoon("deadline", (happened) => context.afterFunc(context.withTimeout(background, 50)[0], happened));
expectSoon("file", (happened) => readFile(import.meta.filename, happened));
expectSoon("http", (happened) => {
  const server = createServer((_, response) => response.end("answer"));
  server.listen(0, "127.0.0.1", () => {
    void fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).then(happened);
  });
});
