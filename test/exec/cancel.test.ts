// What happens to the processes of a command when its context ends.
import { chan, context, type Context, errors, time } from "gocsp";
import * as exec from "gocsp/exec";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { mulberry32 } from "../support/random.ts";
import { canFind, Mark } from "./marks.ts";

expectNoGoroutinesLeft();

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );

function marked(ctx: Context, script: string): [cmd: exec.Cmd, mark: Mark] {
  const mark = new Mark();
  const cmd = exec.commandContext(ctx, "sh", "-c", script);
  cmd.env = mark.env;
  return [cmd, mark];
}

/** Starts a command, and returns when it has written "ready". */
async function startReady(cmd: exec.Cmd): Promise<void> {
  const out = cmd.stdoutPipe();
  await cmd.start();
  await once(out, "data");
  out.resume();
}

describe("a command whose context ends", () => {
  test("before is not started [U24]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    cancel();
    const cmd = exec.commandContext(ctx, "sleep", "60");
    expect(await thrown(cmd.run())).toBe(context.canceled);
    expect(cmd.process).toBeUndefined();
  });

  test("is asked to end, and says why [U25]", async () => {
    const [ctx, cancel] = context.withCancelCause(context.background());
    const [cmd] = marked(ctx, "echo ready; sleep 60");
    await startReady(cmd);
    const why = new Error("the user left");
    cancel(why);
    const err = (await thrown(cmd.wait())) as exec.ExitError;
    expect([err.message, errors.is(err, why), err.processState.signal()]).toEqual([
      "signal: terminated",
      true,
      "SIGTERM",
    ]);
    const [late, stop] = context.withTimeout(context.background(), 50);
    using _ = stop;
    const slow = await thrown(exec.commandContext(late, "sleep", "60").run());
    expect([String(slow), errors.is(slow, context.deadlineExceeded)]).toEqual(["ExitError: signal: terminated", true]);
  });

  test("may clean up, and has failed nevertheless [U25]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const [cmd] = marked(ctx, "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
    await startReady(cmd);
    cancel();
    expect(await thrown(cmd.wait())).toBe(context.canceled);
    expect(cmd.processState?.success()).toBe(true);
    const [other, stop] = context.withCancel(context.background());
    const [failing] = marked(other, "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done");
    await startReady(failing);
    stop();
    expect(await thrown(failing.wait())).toMatchObject({ message: "exit status 7" });
  });

  test("is killed after waitDelay if it does not listen [U26]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const [cmd, mark] = marked(ctx, "trap '' TERM; echo ready; while :; do sleep 0.01; done");
    cmd.waitDelay = 100;
    await startReady(cmd);
    cancel();
    expect(await thrown(cmd.wait())).toMatchObject({ message: "signal: killed" });
    if (canFind) expect(mark.alive()).toEqual([]);
  });

  test("has its own way to be canceled [U27]", async () => {
    const ways: [cancel: (cmd: exec.Cmd) => unknown, expected: unknown][] = [
      [(cmd) => cmd.process?.signal("SIGINT"), { message: "signal: interrupt" }],
      [(cmd) => cmd.process?.kill(), { message: "signal: killed" }],
      [
        (cmd) => {
          cmd.process?.kill();
          throw exec.errProcessDone;
        },
        { message: "signal: killed" },
      ],
    ];
    for (const [way, expected] of ways) {
      const [ctx, cancel] = context.withCancel(context.background());
      const [cmd] = marked(ctx, "echo ready; exec sleep 60");
      cmd.cancel = () => way(cmd);
      await startReady(cmd);
      cancel();
      expect(await thrown(cmd.wait())).toMatchObject(expected as object);
    }
    const results: [cancel: () => unknown, expected: unknown][] = [
      [() => undefined, "context canceled"],
      [async () => Promise.reject(new Error("no way")), "exec: canceling Cmd: no way"],
      [
        () => {
          throw new Error("cannot", { cause: exec.errProcessDone });
        },
        undefined,
      ],
    ];
    for (const [way, expected] of results) {
      const [ctx, cancel] = context.withCancel(context.background());
      const [cmd] = marked(ctx, "echo ready; sleep 0.1");
      cmd.cancel = way;
      await startReady(cmd);
      cancel();
      const err = await cmd.wait().catch((error: unknown) => error);
      expect((err as Error | undefined)?.message).toBe(expected);
    }
  });

  test("is killed after waitDelay although its cancel goes on, and its output is not taken [U27]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const [cmd, mark] = marked(ctx, "sleep 60 & yes");
    const taken = chan<void>(1);
    cmd.cancel = () => new Promise(() => undefined);
    cmd.stdout = () => {
      taken.trySend();
      return new Promise(() => undefined);
    };
    cmd.waitDelay = 50;
    const over = thrown(cmd.run());
    await taken.receive();
    cancel();
    expect(await over).toMatchObject({ message: "signal: killed", cause: context.canceled });
    if (canFind) expect(mark.alive()).toEqual([]);
  });

  test("without a cancel ends after waitDelay; a cancel without a context is refused [U27]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const [cmd] = marked(ctx, "echo ready; sleep 60");
    cmd.cancel = undefined;
    cmd.waitDelay = 50;
    await startReady(cmd);
    cancel();
    expect(await thrown(cmd.wait())).toMatchObject({ message: "signal: killed" });
    const without = exec.command("sleep", "60");
    without.cancel = () => undefined;
    expect(await thrown(without.run())).toEqual(
      new Error("exec: command with a non-nil Cancel was not created with CommandContext"),
    );
  });

  test("ends although others hold its pipes, whether it has exited before or not [U28]", async () => {
    for (const script of ["sleep 60 & echo ready", "sleep 60 & echo ready; sleep 60"]) {
      const [ctx, cancel] = context.withCancel(context.background());
      const [cmd, mark] = marked(ctx, script);
      let ready!: () => void;
      const written = new Promise<void>((resolve) => (ready = resolve));
      cmd.stdout = ready;
      const from = performance.now();
      const over = thrown(cmd.run());
      await written;
      await time.sleep(20);
      cancel();
      const err = await over;
      expect(errors.is(err, context.canceled), String(err)).toBe(true);
      // Not the minute that the others hold them.
      expect(performance.now() - from).toBeLessThan(50_000);
      if (canFind) expect(mark.alive()).toEqual([]);
    }
  });

  test("leaves its input alone [U13]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const [cmd] = marked(ctx, "echo ready; cat >/dev/null");
    cmd.stdin = (async function* () {
      for (;;) {
        yield "x".repeat(1000);
        await time.sleep(1);
      }
    })();
    await startReady(cmd);
    cancel();
    expect(await thrown(cmd.wait())).toMatchObject({ message: "signal: terminated" });
  });
});

/** How many are canceled; `EXEC_CANCELS=300` takes minutes. */
const cancels = Number(process.env["EXEC_CANCELS"] ?? 36);

/** Trees of processes that resist their end. */
const trees: Record<string, string> = {
  plain: "echo ready; sleep 60",
  "grandchildren that ignore SIGTERM": `
    for i in 1 2 3; do sh -c 'trap "" TERM HUP INT; while :; do sleep 0.02; done' & done
    echo ready; wait`,
  "grandchildren that hold the pipes, of a parent that exits": `
    for i in 1 2 3; do sh -c 'trap "" TERM; sleep 60' & done
    echo ready; exit 0`,
  "that fork while they are killed": `
    fork() { while :; do sh -c 'trap "" TERM; sleep 30' & sleep 0.005; done; }
    trap '' TERM
    fork & fork & echo ready; wait`,
  "in other groups": `
    set -m
    for i in 1 2 3; do sh -c 'trap "" TERM; sleep 60' & done
    echo ready; wait`,
  "in other sessions, that fork on": `
    trap '' TERM
    setsid sh -c 'trap "" TERM; while :; do sleep 30 & sleep 0.01; done' &
    echo ready; wait`,
};

test.runIf(canFind)(
  "random cancels leave no process, whatever their trees are like [U29]",
  { timeout: 600_000 },
  async () => {
    const random = mulberry32(Number(process.env["SEED"] ?? 1));
    const scripts = Object.entries(trees);
    let survivors = 0;
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let i = next++; i < cancels; i = next++) {
        const [kind, script] = scripts[i % scripts.length] as [string, string];
        const [ctx, cancel] = context.withCancel(context.background());
        const [cmd, mark] = marked(ctx, script);
        cmd.waitDelay = Math.ceil(random() * 40);
        cmd.stdout = () => undefined;
        const over = thrown(cmd.run());
        await time.sleep(Math.floor(random() * 60));
        cancel();
        const err = await over;
        if (err === exec.errWaitDelay) {
          // It had exited, and `wait` had given up on its pipes, before the cancel: then its children are the caller's.
          cmd.process?.killAll();
          while (mark.alive().length > 0) await time.sleep(1);
          continue;
        }
        expect(errors.is(err, context.canceled) || err === "nothing was thrown", `${kind}: ${String(err)}`).toBe(true);
        const alive = mark.alive();
        if (alive.length > 0) {
          survivors += alive.length;
          console.error(`${kind}: ${alive.length} survivors`);
          for (const pid of alive) process.kill(pid, "SIGKILL");
        }
      }
    };
    await Promise.all(Array.from({ length: 3 }, worker));
    expect(survivors).toBe(0);
  },
);
