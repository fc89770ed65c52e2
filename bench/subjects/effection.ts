import { createQueue, type Operation, race, run, spawn } from "effection";
import type { Runs } from "../harness/subject.ts";

// Its queues are unbounded and its channels drop values without a receiver, so only workloads that send one value to
// and fro can be expressed.
export const runs: Runs = {
  pingpong: (n) =>
    run(function* () {
      const ping = createQueue<number, void>();
      const pong = createQueue<number, void>();
      yield* spawn(function* () {
        for (let i = 0; i < n; i++) pong.add((yield* ping.next()).value + 1);
      });
      let sum = 0;
      for (let i = 0; i < n; i++) {
        ping.add(i);
        sum += (yield* pong.next()).value;
      }
      return sum;
    }),

  "select-blocked": (n) =>
    run(function* () {
      const ping = createQueue<number, void>();
      const pong = createQueue<number, void>();
      const never = createQueue<number, void>();
      yield* spawn(function* () {
        for (let i = 0; i < n; i += 2) pong.add((yield* race([ping.next(), never.next()])).value + 1);
      });
      let sum = 0;
      for (let i = 0; i < n; i += 2) {
        ping.add(i);
        sum += i + (yield* race([pong.next(), never.next()])).value;
      }
      return sum;
    }),

  spawn: (n) =>
    run(function* () {
      let ended = 0;
      for (let i = 0; i < n; i += 1000) {
        const tasks: Operation<void>[] = [];
        for (let j = 0; j < 1000; j++) {
          tasks.push(
            // oxlint-disable-next-line require-yield -- the task ends at once
            yield* spawn(function* () {
              ended++;
            }),
          );
        }
        for (const task of tasks) yield* task;
      }
      return ended;
    }),
};
