// Commands whose processes are played by goroutines: they start, exit and are asked to end at any moment.
import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import { context, errors, go, gosched, sync, time } from "gocsp";
import * as exec from "gocsp/exec";
import { type Program, same } from "./program.ts";

/** No process has such a number: it is beyond what Linux allows. */
const nobody = 2 ** 30;

/** A process that exits with status 0 after some steps, unless it is asked to end before. */
class Child extends EventEmitter {
  readonly pid = nobody;
  readonly stdin = null;
  readonly stdout = null;
  readonly stderr = null;
  exitCode: number | null = null;
  signalCode: string | null = null;

  get hasExited(): boolean {
    return this.exitCode !== null || this.signalCode !== null;
  }

  async run(steps: number): Promise<void> {
    this.emit("spawn");
    while (steps-- > 0 && !this.hasExited) await gosched();
    this.exit(0, null);
  }

  exit(code: number | null, by: string | null): void {
    if (this.hasExited) return;
    this.exitCode = code;
    this.signalCode = by;
    this.emit("exit", code, by);
    this.emit("close", code, by);
  }

  kill(by: string): boolean {
    if (this.hasExited) return false;
    this.exit(null, by);
    return true;
  }
}

/** Runs `f` while processes are played. Others are not started meanwhile: a program under a schedule has no time for one. */
async function playing<T>(steps: number, f: (children: Child[]) => Promise<T>): Promise<T> {
  const children: Child[] = [];
  const { spawn } = childProcess;
  childProcess.spawn = (() => {
    const child = new Child();
    children.push(child);
    go(() => child.run(steps));
    return child;
  }) as unknown as typeof spawn;
  syncBuiltinESMExports();
  try {
    return await f(children);
  } finally {
    childProcess.spawn = spawn;
    syncBuiltinESMExports();
  }
}

function commandOf(ctx: context.Context): exec.Cmd {
  const cmd = exec.commandContext(ctx, "/bin/sh");
  // The watchdog of commands that must not outlive the program is a process too.
  cmd.outlives = true;
  cmd.cancel = () => cmd.process?.signal("SIGTERM");
  return cmd;
}

export const commands: readonly Program[] = [
  {
    name: "exec: a command whose context ends is asked to end once, or was over, or never began; wait says which",
    run: () =>
      playing(2, async (children) => {
        const [ctx, cancel] = context.withCancel(context.background());
        const cmd = commandOf(ctx);
        let [asked, canceled] = [0, false];
        const ask = cmd.cancel;
        cmd.cancel = () => {
          asked++;
          return ask?.();
        };
        const wg = new sync.WaitGroup();
        wg.go(async () => {
          const [, err] = await errors.result(cmd.run());
          const [child] = children;
          if (child === undefined) {
            same([err === context.canceled, canceled, asked], [true, true, 0], "never began");
          } else if (child.signalCode !== null) {
            same([err?.message, asked], ["signal: terminated", 1], "was ended");
            same(errors.is(err, context.canceled), true, "why it was ended");
          } else {
            same([err, cmd.processState?.success()], [undefined, true], "was over");
          }
        });
        wg.go(() => {
          canceled = true;
          cancel();
        });
        await wg.wait();
        same(asked <= 1, true, "asked to end");
      }),
  },
  {
    name: "exec: two that start and wait for one command: one does, the other is told",
    run: () =>
      playing(1, async (children) => {
        const cmd = commandOf(context.background());
        const told: string[] = [];
        const wg = new sync.WaitGroup();
        for (let i = 0; i < 2; i++) {
          wg.go(async () => {
            for (const [, err] of [await errors.result(cmd.start()), await errors.result(cmd.wait())]) {
              if (err !== undefined) told.push(err.message);
            }
          });
        }
        await wg.wait();
        same([children.length, told.length], [1, 2], "processes, and complaints");
        const known = new Set(["exec: already started", "exec: not started", "exec: Wait was already called"]);
        same(
          told.every((text) => known.has(text)),
          true,
          told.join(),
        );
      }),
  },
  {
    name: "exec: signals reach a process or say that it is over",
    run: () =>
      playing(2, async (children) => {
        const cmd = commandOf(context.background());
        await cmd.start();
        const child = children[0] as Child;
        const wg = new sync.WaitGroup();
        let sent = 0;
        for (let i = 0; i < 2; i++) {
          wg.go(async () => {
            await gosched();
            const was = child.hasExited;
            const [, err] = errors.resultSync(() => cmd.process?.signal("SIGTERM"));
            same(err?.message, was ? "os: process already finished" : undefined, "the signal");
            if (!was) sent++;
          });
        }
        wg.go(async () => {
          const [, err] = await errors.result(cmd.wait());
          same(err?.message, sent === 1 ? "signal: terminated" : undefined, "how it ended");
        });
        await wg.wait();
        same(sent <= 1, true, "signals");
      }),
  },
  {
    name: "exec: a process that does not end when it is asked is waited for, as long as it takes",
    slow: true,
    run: () =>
      playing(4, async (children) => {
        const [ctx, cancel] = context.withTimeout(context.background(), time.millisecond);
        const cmd = commandOf(ctx);
        cmd.cancel = () => undefined;
        const [, err] = await errors.result(cmd.run());
        cancel();
        const [child] = children;
        if (child === undefined) return same(err === context.deadlineExceeded, true, "never began");
        same(child.hasExited && child.signalCode === null, true, "exited by itself");
        same(err === undefined || err === context.deadlineExceeded, true, "what wait said");
      }),
  },
];
