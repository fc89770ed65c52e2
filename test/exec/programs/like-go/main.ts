// What os/exec does in its corners: see main.go.
import { context, errors, main } from "gocsp";
import * as exec from "gocsp/exec";
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

type Shown = string | number | boolean | { toString(): string } | undefined;

function show(what: string, ...results: Shown[]): void {
  console.log(what);
  for (const result of results) {
    const shown = result instanceof Error ? result.message : (result ?? "no error").toString();
    console.log(`  ${shown.replaceAll(process.cwd(), "WD").trim()}`);
  }
}

/** Returns what `f` returns, and what it throws, as Go does. */
async function both(f: () => unknown): Promise<[result: string, err: Error | undefined]> {
  try {
    const result = (await f()) as Shown;
    return [(result ?? "").toString(), undefined];
  } catch (error) {
    return ["", error as Error];
  }
}

const failure = async (f: () => unknown): Promise<Error | undefined> => (await both(f))[1];
const oneLine = (output: Shown): string => (output ?? "").toString().replaceAll("\n", " ");
const list = (values: readonly string[]): string => `[${values.join(" ")}]`;

main(async () => {
  mkdirSync("folder");
  writeFileSync("plain", "#!/bin/sh\n", { mode: 0o644 });
  writeFileSync("folder/prog", "#!/bin/sh\necho $0 $PWD\n", { mode: 0o755 });
  writeFileSync("folder/where", "#!/bin/sh\necho $PWD\n", { mode: 0o755 });
  writeFileSync("lost", "#!/no/interpreter\n", { mode: 0o755 });

  symlinkSync("loop", "loop");
  const busy = openSync("busy", "w+", 0o755);

  const longName = `./${"n".repeat(300)}`;
  const names = ["", ".", "..", "./plain", "./folder", "./none", "folder/prog", "./plain/x", "./loop", longName];
  for (const name of [...names, "a\u200b\x07\x1b"]) {
    show(`lookPath ${name}`, ...(await both(() => exec.lookPath(name))));
  }
  const programs = ["./plain", "./folder", "./none", "/no/program", "./lost", "./plain/x", "no-program", ""];
  for (const name of [...programs, "./loop", longName, "./busy"]) {
    const cmd = exec.command(name);
    show(`command ${name}`, cmd.path, cmd.err, await failure(() => cmd.run()), String(cmd));
    show("with both outputs", ...(await both(() => exec.command(name).combinedOutput())));
  }
  closeSync(busy);

  let cmd = exec.command("./prog");
  cmd.dir = "folder";
  show("a path in dir", ...(await both(() => cmd.output())));
  cmd = exec.command("sh", "-c", "echo $PWD");
  [cmd.path, cmd.dir] = ["where", "folder"];
  show("a path without a slash in dir", ...(await both(() => cmd.output())));
  for (const dir of ["none", "plain"]) {
    cmd = exec.command("env");
    [cmd.path, cmd.dir] = ["/bin/sh", dir];
    show(`dir ${dir}`, await failure(() => cmd.run()));
  }

  cmd = exec.command("env");
  [cmd.env, cmd.dir] = [["A=1", "B=", "A=2=3"], "folder"];
  const environ = list(cmd.environ());
  const [out, err] = await both(() => cmd.output());
  show("env", environ, oneLine(out), err);
  cmd = exec.command("env");
  cmd.env = ["A=1\0", "B=2"];
  show("env with NUL", list(cmd.environ()), await failure(() => cmd.run()));
  cmd = exec.command("env");
  cmd.env = [];
  show("no env", ...(await both(() => cmd.combinedOutput())));

  cmd = exec.command("cat");
  const input = cmd.stdinPipe();
  const pipe = cmd.stdoutPipe();
  show("start, twice", await failure(() => cmd.start()), await failure(() => cmd.start()));
  input.end("hello");
  const read = await both(() => text(pipe));
  show("its pipes", ...read, await failure(() => cmd.wait()), await failure(() => cmd.wait()));
  cmd = exec.command("no-program");
  const fails = [await failure(() => cmd.start()), await failure(() => cmd.start()), await failure(() => cmd.wait())];
  show("a start that fails, twice", ...fails);
  const [ctx, cancel] = context.withCancel(context.background());
  cancel();
  cmd = exec.commandContext(ctx, "true");
  show("a context that has ended", await failure(() => cmd.start()), await failure(() => cmd.start()));
  show("and no program", await failure(() => exec.commandContext(ctx, "no-program").run()));

  cmd = exec.command("true");
  [cmd.stdin, cmd.stdout, cmd.stderr] = ["x", () => undefined, () => undefined];
  show(
    "set already",
    await failure(() => cmd.stdinPipe()),
    await failure(() => cmd.stdoutPipe()),
    await failure(() => cmd.stderrPipe()),
    await failure(() => cmd.output()),
    await failure(() => cmd.combinedOutput()),
  );
  cmd = exec.command("true");
  await cmd.start();
  show(
    "too late",
    await failure(() => cmd.stdinPipe()),
    await failure(() => cmd.stdoutPipe()),
    await failure(() => cmd.stderrPipe()),
    await failure(() => cmd.wait()),
    await failure(() => cmd.process?.signal("SIGINT")),
    await failure(() => cmd.process?.kill()),
    cmd.processState,
  );

  let collected = "";
  cmd = exec.command("sh", "-c", "echo oops >&2; exit 3");
  cmd.stderr = (chunk) => (collected += String(chunk));
  const exit = errors.as(await failure(() => cmd.output()), exec.ExitError);
  show("stderr is set", exit, exit?.stderr?.length ?? 0, collected);
  const failed = await failure(() => exec.command("sh", "-c", "echo a; echo b >&2; echo c; exit 1").combinedOutput());
  show("both", oneLine(errors.as(failed, exec.ExitError)?.stdout), failed);
  show("no input", ...(await both(() => exec.command("cat").output())));
  cmd = exec.command("/bin/sh", "-c", "echo $0");
  cmd.args = ["another", "-c", "echo $0"];
  show("another name", ...(await both(() => cmd.output())));
  cmd = exec.command("cat", "/proc/self/cmdline");
  cmd.args[0] = "another";
  const [line, unread] = await both(() => cmd.combinedOutput());
  show("with both outputs", line.replaceAll("\0", " "), unread);
  cmd = exec.command("env");
  cmd.env = ["INPUT_NODE-VERSION=26", "a.b=c", "PWD=/no/folder"];
  const [variables, lost] = await both(() => cmd.combinedOutput());
  show("names of variables that no shell knows", oneLine(variables), lost);
  cmd = exec.command("/bin/sh", "-c", "exit 1");
  cmd.args = [];
  show("no args", await failure(() => cmd.run()));
  const long = exec.command("/bin/true", "x".repeat(200_000));
  show("a long argument", await failure(() => long.run()));

  const arbitrary = new Error("arbitrary error");
  const late = new Error("os: process already finished: late", { cause: exec.errProcessDone });
  for (const script of ["read line; exit 0", "read line; exit 1"]) {
    for (const result of [undefined, arbitrary, exec.errProcessDone, late]) {
      const [ctx, cancel] = context.withCancel(context.background());
      const cmd = exec.commandContext(ctx, "sh", "-c", script);
      const input = cmd.stdinPipe();
      cmd.cancel = () => {
        input.end();
        if (result !== undefined) throw result;
      };
      await cmd.start();
      cancel();
      const err = await failure(() => cmd.wait());
      show(`${script}, canceled with`, result, err, errors.is(err, arbitrary));
    }
  }
});
