// events and stream everywhere; exec and diagnostics where there are processes and Node's modules.
import { chan, context, errors, go } from "gocsp";
import * as events from "gocsp/events";
import * as stream from "gocsp/stream";
import { check, equal, thrownBy } from "./check.mjs";

const background = context.background();

await check("events: what is too much is dropped, and counted, by each rule", async () => {
  for (const [full, expected] of [
    ["dropNewest", "0 1 2 97 none"],
    ["dropOldest", "97 98 99 97 none"],
    ["error", "0 1 2 0 events: more than 3 tick events wait"],
  ]) {
    const target = new EventTarget();
    const [ctx, cancel] = context.withCancel(background);
    let n = 0;
    const ticks = events.receive(ctx, target, "tick", { capacity: 3, full, map: () => n++ });
    for (let i = 0; i < 100; i++) target.dispatchEvent(new Event("tick"));
    const cause = events.cause(ticks)?.message ?? "none";
    cancel();
    const kept = [];
    for await (const tick of ticks) kept.push(tick);
    equal([...kept, events.dropped(ticks), cause].join(" "), expected);
  }
});

await check("events: a source that pauses loses nothing", async () => {
  const target = new EventTarget();
  const state = { isPaused: false, pauses: 0, sent: 0 };
  target.pause = () => {
    state.isPaused = true;
    state.pauses++;
  };
  target.resume = () => {
    state.isPaused = false;
  };
  const [ctx, cancel] = context.withCancel(background);
  const ticks = events.receive(ctx, target, "tick", { capacity: 4, full: "pause", map: () => state.sent++ });
  for (let taken = 0; taken < 100; taken++) {
    while (!state.isPaused && state.sent < 100) target.dispatchEvent(new Event("tick"));
    equal(await ticks.receive(), taken);
  }
  cancel();
  equal(state.pauses > 10, true);
});

await check("stream: a stream of the web comes over a channel, and is canceled with its context", async () => {
  let reason;
  const source = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(1),
      cancel: (given) => {
        reason = given;
      },
    });
  const [ctx, cancel] = context.withCancelCause(background);
  const ones = stream.receive(ctx, source());
  equal(await ones.receive(), 1);
  const why = new Error("enough");
  cancel(why);
  while ((await ones.receive()) !== undefined);
  equal(stream.cause(ones), why);
  equal(reason, why);
});

await check("stream: a channel is a stream by the host's own means", async () => {
  if (typeof ReadableStream.from !== "function") return;
  const ch = chan();
  go(async () => {
    for (let i = 0; i < 3; i++) await ch.send(i);
    ch.close();
  });
  const values = [];
  for await (const value of stream.receive(background, ReadableStream.from(ch)).range()) values.push(value);
  equal(values.join(" "), "0 1 2");
});

if (globalThis.process?.versions?.node !== undefined) {
  const exec = await import("gocsp/exec");
  const sh = (ctx, script) => exec.commandContext(ctx, "sh", "-c", script);

  await check("exec: the output of a command, and how it has failed", async () => {
    equal(String(await sh(background, "echo out; echo err >&2").output()), "out\n");
    const err = await thrownBy(() => sh(background, "echo oh >&2; exit 3").output());
    equal(err instanceof exec.ExitError, true);
    equal(`${err.message}, ${err.stderr}`, "exit status 3, oh\n");
  });

  await check("exec: both outputs go through one pipe, in order", async () => {
    const out = await sh(background, "for i in 1 2 3; do echo $i; echo -$i >&2; done").combinedOutput();
    equal(String(out), "1\n-1\n2\n-2\n3\n-3\n");
  });

  await check("exec: input and output go through pipes", async () => {
    const cmd = exec.command("sort");
    cmd.stdin = "b\na\n";
    equal(String(await cmd.output()), "a\nb\n");
  });

  await check("exec: when the context ends nobody is left who holds the output", async () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const cmd = sh(ctx, "trap '' TERM; (sleep 60 & sleep 60) & echo ready; wait; sleep 60");
    cmd.waitDelay = 50;
    const output = cmd.stdoutPipe();
    await cmd.start();
    const lines = stream.receive(background, output);
    equal(String(await lines.receive()), "ready\n");
    const why = new Error("the user has left");
    cancel(why);
    equal(await lines.receive(), undefined);
    const err = await thrownBy(() => cmd.wait());
    equal([err.message, errors.is(err, why)].join(), "signal: killed,true");
  });

  const channels = globalThis.process.getBuiltinModule?.("node:diagnostics_channel");
  if (channels?.tracingChannel !== undefined) {
    const { traceGoroutines } = await import("gocsp/diagnostics");
    await check("diagnostics: goroutines and commands are told of", async () => {
      const told = [];
      const hear = (name) => (message) => told.push(`${name} ${message.path ?? ""}`.trim());
      const [goroutine, command] = ["goroutine", "exec.command"].map((name) => [
        [channels.channel(`tracing:gocsp:${name}:start`), hear(`${name} starts`)],
        [channels.channel(`tracing:gocsp:${name}:asyncEnd`), hear(`${name} ends`)],
      ]);
      const tracing = traceGoroutines();
      for (const [channel, listener] of [...goroutine, ...command]) channel.subscribe(listener);
      const done = chan();
      go(async () => {
        const cmd = exec.command("true");
        cmd.path = "/bin/true";
        await cmd.run();
        done.close();
      });
      await done.receive();
      for (const [channel, listener] of [...goroutine, ...command]) channel.unsubscribe(listener);
      tracing[Symbol.dispose ?? Symbol.for("dispose")]?.();
      equal(told.slice(0, 3).join(), "goroutine starts,exec.command starts /bin/true,exec.command ends /bin/true");
    });
  }
}
