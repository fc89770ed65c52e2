// Two goroutines that send a value back and forth endlessly, in the forms of real programs, for the subjects whose
// fairness is measured.
import { background } from "../harness/subject.ts";

type Start = () => Promise<void> | void;

/** Starts an endless ping-pong, by `subject` or `subject/form`. Modules are loaded only when they are wanted. */
export const endless: Readonly<Record<string, Start>> = {
  "gocsp/await": async () => {
    const { chan, go } = await import("gocsp");
    const [ping, pong] = [chan<number>(), chan<number>()];
    go(async () => {
      for (;;) await pong.send((await ping.receive()) ?? 0);
    });
    go(async () => {
      for (;;) {
        await ping.send(1);
        await pong.receive();
      }
    });
  },

  "gocsp/try": async () => {
    const { chan, go } = await import("gocsp");
    const ch = chan<number>(128);
    go(async () => {
      for (;;) if (!ch.trySend(1)) await ch.send(1);
    });
    go(async () => {
      for (;;) if (ch.tryReceive() === undefined) await ch.receive();
    });
  },

  "gocsp/select": async () => {
    const { chan, go, select, selector } = await import("gocsp");
    const [ping, pong, never] = [chan<number>(), chan<number>(), chan<number>()];
    go(async () => {
      for (;;) {
        const op = await select({ ping, never });
        await pong.send(op.value ?? 0);
      }
    });
    go(async () => {
      const turn = selector({ pong, never });
      for (;;) {
        await ping.send(1);
        if (turn.trySelect() === undefined) await turn.select();
      }
    });
  },

  "ts-chan": async () => {
    const { Chan } = await import("ts-chan");
    const [ping, pong] = [new Chan<number>(), new Chan<number>()];
    forEver(async () => pong.send((await ping.recv()).value ?? 0));
    forEver(async () => {
      await ping.send(1);
      await pong.recv();
    });
  },

  "thi.ng-csp": async () => {
    const { channel } = await import("@thi.ng/csp");
    const [ping, pong] = [channel<number>(), channel<number>()];
    forEver(async () => pong.write((await ping.read()) ?? 0));
    forEver(async () => {
      await ping.write(1);
      await pong.read();
    });
  },

  easyts: async () => {
    const { default: easyts } = await import("@king011/easyts/lib/es2022/mod.js");
    const [ping, pong] = [new easyts.Chan<number>(), new easyts.Chan<number>()];
    forEver(async () => pong.write((await ping.read()) ?? 0));
    forEver(async () => {
      await ping.write(1);
      await pong.read();
    });
  },

  effect: async () => {
    const { Effect, Queue } = await import("effect");
    background(
      Effect.runPromise(
        Effect.gen(function* () {
          const ping = yield* Queue.bounded<number>(1);
          const pong = yield* Queue.bounded<number>(1);
          yield* Effect.forkDetach(
            Effect.gen(function* () {
              for (;;) yield* Queue.offer(pong, yield* Queue.take(ping));
            }),
          );
          for (;;) {
            yield* Queue.offer(ping, 1);
            yield* Queue.take(pong);
          }
        }),
      ),
    );
  },

  effection: async () => {
    const { createQueue, run, spawn } = await import("effection");
    background(
      run(function* () {
        const ping = createQueue<number, void>();
        const pong = createQueue<number, void>();
        yield* spawn(function* () {
          for (;;) pong.add((yield* ping.next()).value);
        });
        for (;;) {
          ping.add(1);
          yield* pong.next();
        }
      }),
    );
  },
};

function forEver(step: () => Promise<unknown>): void {
  const loop = async (): Promise<never> => {
    for (;;) await step();
  };
  background(loop());
}
