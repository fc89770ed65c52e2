import { chan, context, errors, time } from "gocsp";
import * as exec from "gocsp/exec";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const folder = realpathSync(mkdtempSync(join(tmpdir(), "exec-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
const textOf = async (cmd: exec.Cmd): Promise<string> => String(await cmd.output()).trim();
const sh = (script: string, ...args: string[]): exec.Cmd => exec.command("sh", "-c", script, "sh", ...args);

describe("a command", () => {
  test("runs a program with its arguments, without a shell [U1]", async () => {
    expect(await textOf(exec.command("echo", "$HOME", "*", "a  b", ""))).toBe("$HOME * a  b");
    const cmd = exec.command("sh", "-c", "echo $0");
    expect([cmd.args, cmd.path.endsWith("/sh"), cmd.err]).toEqual([["sh", "-c", "echo $0"], true, undefined]);
    expect(await textOf(cmd)).toBe("sh");
  });

  test("that exits with 0 succeeds; otherwise the error has the status [U2]", async () => {
    await sh("exit 0").run();
    const err = (await thrown(sh("exit 42").run())) as exec.ExitError;
    expect(err).toBeInstanceOf(exec.ExitError);
    expect([err.message, err.name, err.exitCode(), err.processState.exited()]).toEqual([
      "exit status 42",
      "ExitError",
      42,
      true,
    ]);
    const cmd = sh("exit 3");
    await thrown(cmd.run());
    expect([cmd.processState?.exitCode(), cmd.processState?.success(), cmd.processState?.pid()]).toEqual([
      3,
      false,
      cmd.process?.pid,
    ]);
  });

  test.for([
    ["KILL", "signal: killed"],
    ["TERM", "signal: terminated"],
    ["USR1", "signal: user defined signal 1"],
  ] as const)("that a signal ends says by which: %s [U3]", async ([signal, text]) => {
    const cmd = sh(`kill -${signal} $$`);
    const err = (await thrown(cmd.run())) as exec.ExitError;
    expect([err.message, err.exitCode(), err.processState.exited(), err.processState.signal()]).toEqual([
      text,
      -1,
      false,
      `SIG${signal}`,
    ]);
  });

  test("prints as its path and its arguments [U4]", () => {
    const cmd = exec.command("sh", "-c", "true");
    expect(String(cmd)).toBe(`${cmd.path} -c true`);
    expect(String(exec.command("no-such-program", "a"))).toBe("no-such-program a");
  });

  test("runs once [U5]", async () => {
    const cmd = sh("exit 0");
    expect(await thrown(cmd.wait())).toEqual(new Error("exec: not started"));
    await cmd.start();
    expect(await thrown(cmd.start())).toEqual(new Error("exec: already started"));
    await cmd.wait();
    expect(await thrown(cmd.wait())).toEqual(new Error("exec: Wait was already called"));
    expect(await thrown(cmd.run())).toEqual(new Error("exec: already started"));
  });

  test("that is started twice goes on, with its pipes [U5]", async () => {
    const cmd = exec.command("cat");
    const [input, output] = [cmd.stdinPipe(), cmd.stdoutPipe()];
    await cmd.start();
    expect(await thrown(cmd.start())).toEqual(new Error("exec: already started"));
    input.end("hello");
    expect(await readAll(output)).toBe("hello");
    await cmd.wait();
  });

  test("refuses values that are not a program or an argument [U1]", async () => {
    expect(() => exec.command(7 as never)).toThrow(new TypeError("exec: the program must be a string, got 7"));
    expect(() => exec.command("ls", 7 as never)).toThrow(new TypeError("exec: arguments must be strings, got 7"));
    const cmd = exec.command("ls");
    cmd.path = "";
    expect(await thrown(cmd.start())).toEqual(new Error("exec: no command"));
    expect(await thrown(exec.command("echo", "a\0b").run())).toMatchObject({
      message: expect.stringMatching(/^fork\/exec \S+\/echo: invalid argument$/),
    });
  });

  test("refuses fields that are of another type, and shows no values of the environment [U10]", async () => {
    const wrong: [field: string, value: unknown, message: string][] = [
      ["waitDelay", Number.NaN, "exec: waitDelay must be a number of milliseconds, got NaN"],
      ["waitDelay", "1s", 'exec: waitDelay must be a number of milliseconds, got "1s"'],
      ["dir", undefined, "exec: dir must be a string, got undefined"],
      ["path", 7, "exec: path must be a string, got 7"],
      ["args", ["true", 7], "exec: args[1] must be a string, got 7"],
      ["env", { SECRET: 1234 }, 'exec: env["SECRET"] must be a string, got a value of type number'],
      ["env", [null], 'exec: env["0"] must be a string, got null'],
    ];
    for (const [field, value, message] of wrong) {
      const cmd = Object.assign(exec.command("true"), { [field]: value });
      expect(await thrown(cmd.run())).toEqual(new TypeError(message));
    }
    const cmd = exec.command("env");
    cmd.env = ["__proto__=1"];
    expect(await textOf(cmd)).toBe("__proto__=1");
  });

  test("is one of many at the same time [U6]", async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, (_, i) => textOf(exec.command("echo", String(i)))));
    expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  });
});

describe("the program", () => {
  const inFolder = (name: string, mode = 0o755): string => {
    const path = join(folder, name);
    writeFileSync(path, "#!/bin/sh\necho found\n", { mode });
    return path;
  };

  test("is searched in PATH: lookPath returns its absolute path [U7]", () => {
    expect(exec.lookPath("sh")).toMatch(/^\/.*\/sh$/);
    const path = inFolder("tool");
    withPath(`/nowhere:${folder}`, () => expect(exec.lookPath("tool")).toBe(path));
    expect(exec.lookPath(path)).toBe(path);
  });

  test("that is not there, is a folder, or must not be run is not found [U7]", async () => {
    inFolder("plain", 0o644);
    mkdirSync(join(folder, "folder"));
    for (const [path, name] of [
      [folder, "plain"],
      [folder, "folder"],
      [folder, "nothing"],
      ["", "sh"],
    ] as const) {
      withPath(path, () => {
        const err = exec.command(name).err as exec.Error;
        expect(err.message).toBe(`exec: "${name}": executable file not found in $PATH`);
        expect([err instanceof exec.Error, errors.is(err, exec.errNotFound), err.file]).toEqual([true, true, name]);
        expect(() => exec.lookPath(name)).toThrow(err.message);
      });
    }
    expect(await thrown(exec.command("no-such-program").run())).toMatchObject({
      message: 'exec: "no-such-program": executable file not found in $PATH',
    });
    expect(() => exec.lookPath("./no-such-program")).toThrow(
      'exec: "./no-such-program": stat ./no-such-program: no such file or directory',
    );
  });

  test("is not run from the current directory unless its name says so [U8]", async () => {
    inFolder("here");
    const before = process.cwd();
    process.chdir(folder);
    try {
      for (const path of ["", ".", `:${folder}`]) {
        await withPath(`${path}:/nowhere`, async () => {
          const cmd = exec.command("here");
          if (path === `:${folder}`) expect(errors.is(cmd.err, exec.errDot)).toBe(true);
          expect(await thrown(cmd.run())).toMatchObject({
            message: 'exec: "here": cannot run executable found relative to current directory',
          });
        });
      }
      await withPath(".", async () => {
        const cmd = exec.command("here");
        cmd.err = undefined;
        expect(await textOf(cmd)).toBe("found");
      });
      expect(await textOf(exec.command("./here"))).toBe("found");
    } finally {
      process.chdir(before);
    }
  });

  test("and the directory must be there, in Go's words [U9]", async () => {
    const path = join(folder, "none");
    const missing = exec.command("sh");
    missing.path = path;
    expect(await thrown(missing.run())).toMatchObject({
      message: `fork/exec ${path}: no such file or directory`,
      code: "ENOENT",
    });
    const plain = exec.command("sh");
    plain.path = inFolder("not-executable", 0o644);
    expect(await thrown(plain.run())).toMatchObject({ message: `fork/exec ${plain.path}: permission denied` });
    const nowhere = sh("exit 0");
    nowhere.dir = path;
    expect(await thrown(nowhere.run())).toMatchObject({ message: `chdir ${path}: no such file or directory` });
  });

  test("with a relative path is relative to dir [U9]", async () => {
    inFolder("relative");
    const cmd = exec.command("sh");
    cmd.path = "./relative";
    cmd.dir = folder;
    expect(await textOf(cmd)).toBe("found");
  });
});

describe("the environment", () => {
  test("is that of this process, or the given one, where the last of a name counts [U10]", async () => {
    process.env["EXEC_TEST"] = "inherited";
    const inherited = sh("echo $EXEC_TEST");
    const list = sh("echo $EXEC_TEST $OTHER");
    list.env = ["EXEC_TEST=1", "OTHER=2=3", "EXEC_TEST=4", "broken"];
    const object = sh("echo $EXEC_TEST $OTHER");
    object.env = { EXEC_TEST: "5", OTHER: undefined };
    expect([await textOf(inherited), await textOf(list), await textOf(object)]).toEqual(["inherited", "4 2=3", "5"]);
    const cmd = sh("true");
    cmd.env = ["A=1", "B=2", "A=3"];
    expect(cmd.environ()).toEqual(["B=2", "A=3"]);
    cmd.env = ["A=1\0B=2", "C=3"];
    expect(cmd.environ()).toEqual(["C=3"]);
    expect(await thrown(cmd.run())).toEqual(new Error("exec: environment variable contains NUL"));
  });

  test("has PWD in it if there is a dir, unless it is a given one [U11]", async () => {
    const link = join(folder, "link");
    symlinkSync(folder, link);
    const implicit = sh("echo $PWD");
    implicit.dir = link;
    const explicit = sh("echo $PWD");
    explicit.dir = link;
    explicit.env = [`PWD=${folder}`, `PATH=${process.env["PATH"]}`];
    expect([await textOf(implicit), await textOf(explicit)]).toEqual([link, folder]);
    expect(implicit.environ()).toContain(`PWD=${link}`);
    const without = exec.command("env");
    without.dir = link;
    without.env = ["A=1"];
    expect([without.environ(), await textOf(without)]).toEqual([["A=1"], "A=1"]);
  });
});

describe("the input", () => {
  const file = join(folder, "input");
  writeFileSync(file, "text");
  const inputs: Record<string, () => exec.Input> = {
    "a string": () => "text",
    bytes: () => Buffer.from("text"),
    "a list": () => ["te", Buffer.from("xt")],
    "a stream": () => Readable.from(["te", "xt"]),
    "a stream of the web": () => ReadableStream.from(["te", "xt"]),
    "a generator": async function* () {
      yield "te";
      await time.sleep(1);
      yield "xt";
    },
    "a channel": () => {
      const ch = chan<string>(2);
      ch.trySend("te");
      ch.trySend("xt");
      ch.close();
      return ch;
    },
  };

  test.for(Object.entries(inputs))("is %s [U12]", async ([, make]) => {
    const cmd = exec.command("cat");
    cmd.stdin = make();
    expect(await textOf(cmd)).toBe("text");
  });

  test("is an inherited file, or nothing [U12]", async () => {
    const fd = openSync(file, "r");
    const cmd = exec.command("cat");
    cmd.stdin = fd;
    expect(await textOf(cmd)).toBe("text");
    closeSync(fd);
    expect(await textOf(exec.command("cat"))).toBe("");
    const wrong = exec.command("cat");
    wrong.stdin = {} as never;
    expect(await thrown(wrong.run())).toEqual(
      new TypeError("exec: stdin must be text, bytes, a stream, an iterable or a file, got Object"),
    );
  });

  test("need not be read: that is not an error, and a source that does not end is left [U13]", async () => {
    const big = sh("head -c 3");
    big.stdin = "x".repeat(10_000_000);
    expect(await textOf(big)).toBe("xxx");
    const ch = chan<string>();
    const endless = sh("exit 0");
    endless.stdin = ch;
    await endless.run();
    expect(ch.trySend("lost?")).toBe(false);
  });

  test("that fails is the error, if the command succeeds [U13]", async () => {
    const failing = (script: string): exec.Cmd => {
      const cmd = sh(script);
      cmd.stdin = (async function* () {
        yield "a";
        throw new Error("cannot read");
      })();
      return cmd;
    };
    expect(await thrown(failing("head -c 1; sleep 0.1").run())).toEqual(new Error("cannot read"));
    expect(await thrown(failing("sleep 0.1; exit 2").run())).toMatchObject({ message: "exit status 2" });
  });

  test("ends for the command when its source has failed, or is gone [U13]", async () => {
    const broken = new Readable({ read: () => void broken.destroy(new Error("cannot read")) });
    for (const source of [broken, new Readable().destroy(), Readable.from(["a"]).destroy()]) {
      const cmd = exec.command("cat");
      cmd.stdin = source;
      expect(await thrown(cmd.run())).toBeInstanceOf(Error);
    }
    const generator = exec.command("cat");
    generator.stdin = (async function* () {
      yield "a";
      throw new Error("cannot read");
    })();
    expect(await thrown(generator.run())).toEqual(new Error("cannot read"));
  });

  test("of another type is refused before anything runs; one that cannot be read ends for the command [U12]", async () => {
    for (const input of [{}, null, true, Number.NaN, -1, 2.5, { fd: -1 }]) {
      const cmd = exec.command("cat");
      cmd.stdin = input as never;
      expect(String(await thrown(cmd.run()))).toMatch(/^TypeError: exec: stdin must be text, bytes, .* got /);
      expect(cmd.process).toBeUndefined();
    }
    const locked = new Blob(["x"]).stream();
    locked.getReader();
    const failing = {
      [Symbol.asyncIterator]: () => {
        throw new TypeError("cannot be read");
      },
    };
    for (const input of [locked, failing]) {
      const cmd = exec.command("cat");
      cmd.stdin = input;
      expect(await thrown(cmd.run())).toBeInstanceOf(TypeError);
      expect(cmd.processState?.success()).toBe(true);
    }
  });

  test("by a pipe is written while the command runs [U14]", async () => {
    const cmd = exec.command("cat");
    const input = cmd.stdinPipe();
    const output = cmd.stdoutPipe();
    expect(() => cmd.stdinPipe()).toThrow("exec: Stdin already set");
    await cmd.start();
    input.write("ping");
    expect(String((await once(output, "data"))[0])).toBe("ping");
    input.end("pong");
    expect(String((await once(output, "data"))[0])).toBe("pong");
    await cmd.wait();
    expect(() => sh("").stdinPipe.call(cmd)).toThrow("exec: Stdin already set");
  });
});

describe("the output", () => {
  test("goes to streams, channels, functions and files [U15]", async () => {
    const stream = new PassThrough();
    const ch = chan<Buffer>(1);
    const chunks: Buffer[] = [];
    const path = join(folder, "output");
    const fd = openSync(path, "w");
    const web: string[] = [];
    const outputs: exec.Output[] = [
      stream,
      ch,
      (chunk) => chunks.push(chunk),
      fd,
      new WritableStream({ write: (chunk) => void web.push(String(chunk)) }),
    ];
    for (const output of outputs) {
      const cmd = sh("echo out; echo err >&2");
      cmd.stdout = output;
      await cmd.run();
    }
    closeSync(fd);
    expect([
      String(stream.read()),
      String(await ch.receive()),
      String(chunks),
      readFileSync(path, "utf8"),
      web,
    ]).toEqual(["out\n", "out\n", "out\n", "out\n", ["out\n"]]);
    const wrong = sh("");
    wrong.stderr = "file.txt" as never;
    expect(await thrown(wrong.run())).toEqual(
      new TypeError('exec: stderr must be a stream, a channel, a function or a file, got "file.txt"'),
    );
  });

  test("and errors that go to the same place arrive in order [U16]", async () => {
    const script = "for i in 1 2 3 4 5 6 7 8 9; do echo $i; echo -$i >&2; done";
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${i}\n-${i}\n`).join("");
    expect(String(await sh(script).combinedOutput())).toBe(expected);
    const path = join(folder, "both");
    const fd = openSync(path, "w");
    const cmd = sh(script);
    cmd.stdout = cmd.stderr = fd;
    await cmd.run();
    closeSync(fd);
    expect(readFileSync(path, "utf8")).toBe(expected);
    const failing = (await thrown(sh("echo $1; exit 4", "an 'argument'").combinedOutput())) as exec.ExitError;
    expect([failing.message, String(failing.stdout)]).toEqual(["exit status 4", "an 'argument'\n"]);
  });

  test("is one pipe also where no folder can be made for it [U16]", async () => {
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = join(folder, "no", "folder");
    try {
      const both = await sh("echo 1; echo 2 >&2; echo 3; exit 4")
        .combinedOutput()
        .catch((error: unknown) => error);
      expect(String((both as exec.ExitError).stdout)).toBe("1\n2\n3\n");
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
  });

  test("leaves nothing where temporary files are [U16]", async () => {
    const temporary = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("gocsp-exec-"));
    await sh("echo 1; echo 2 >&2").combinedOutput();
    await thrown(exec.command("/no/program").combinedOutput());
    // Commands of other tests have theirs for a moment.
    for (const name of temporary()) {
      while (temporary().includes(name)) await time.sleep(1);
    }
  });

  test("is waited for, however slow its reader [U17]", async () => {
    let text = "";
    const cmd = sh("echo a; sleep 0.05; echo b");
    cmd.stdout = async (chunk) => {
      await time.sleep(20);
      text += String(chunk);
    };
    await cmd.run();
    expect(text).toBe("a\nb\n");
  });

  test("that cannot be written is the error, if the command succeeds, and ends the command's writing [U18]", async () => {
    const cmd = exec.command("yes");
    let taken = 0;
    cmd.stdout = () => {
      if (++taken === 3) throw new Error("disk full");
    };
    expect(await thrown(cmd.run())).toMatchObject({
      // Node has its children ignore SIGPIPE, so that they see an error.
      message: expect.stringMatching(/^(exit status 1|signal: broken pipe)$/),
    });
    const small = sh("echo a; exit 0");
    small.stdout = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) }).on(
      "error",
      () => undefined,
    );
    expect(await thrown(small.run())).toEqual(new Error("disk full"));
  });

  test("of output() has the command's standard error, the beginning and the end of it [U19]", async () => {
    expect(await textOf(sh("echo out; echo err >&2"))).toBe("out");
    const err = (await thrown(sh("echo out; echo oops >&2; exit 1").output())) as exec.ExitError;
    expect([err.message, String(err.stderr), String(err.stdout)]).toEqual(["exit status 1", "oops\n", "out\n"]);
    const long = (await thrown(
      sh("echo begin >&2; head -c 200000 /dev/zero >&2; echo end >&2; exit 1").output(),
    )) as exec.ExitError;
    const text = String(long.stderr);
    expect(text.length).toBe(2 * 32 * 1024 + "\n... omitting 134474 bytes ...\n".length);
    expect([text.slice(0, 6), text.slice(-4), text.includes("\n... omitting 134474 bytes ...\n")]).toEqual([
      "begin\n",
      "end\n",
      true,
    ]);
    const set = sh("");
    set.stdout = () => undefined;
    expect(await thrown(set.output())).toEqual(new Error("exec: Stdout already set"));
    expect(await thrown(set.combinedOutput())).toEqual(new Error("exec: Stdout already set"));
    const errors = sh("");
    errors.stderr = () => undefined;
    expect(await thrown(errors.combinedOutput())).toEqual(new Error("exec: Stderr already set"));
  });

  test("by a pipe is read to its end, also after wait [U14]", async () => {
    const cmd = sh("echo out; echo err >&2");
    const [out, err] = [cmd.stdoutPipe(), cmd.stderrPipe()];
    expect(() => cmd.stdoutPipe()).toThrow("exec: Stdout already set");
    expect(() => cmd.stderrPipe()).toThrow("exec: Stderr already set");
    await cmd.run();
    expect([await readAll(out), await readAll(err)]).toEqual(["out\n", "err\n"]);
    expect(() => cmd.stdinPipe()).toThrow("exec: StdinPipe after process started");
    const started = sh("");
    await started.run();
    expect(() => started.stdoutPipe()).toThrow("exec: StdoutPipe after process started");
    expect(() => started.stderrPipe()).toThrow("exec: StderrPipe after process started");
  });

  test("by a pipe ends if the command cannot be started [U14]", async () => {
    const cmd = exec.command("no-such-program");
    const out = cmd.stdoutPipe();
    const input = cmd.stdinPipe();
    await thrown(cmd.start());
    expect([await readAll(out), input.destroyed]).toEqual(["", true]);
  });

  test("that nobody takes is given up after waitDelay, and nothing waits in its place [U20]", async () => {
    const ch = chan<Buffer>();
    const stream = new PassThrough({ highWaterMark: 1 });
    for (const output of [ch, stream, () => new Promise<void>(() => undefined)]) {
      const cmd = exec.command("echo", "text");
      cmd.stdout = output;
      cmd.waitDelay = 50;
      expect(await thrown(cmd.run())).toBe(exec.errWaitDelay);
    }
    expect(ch.tryReceive()).toBeUndefined();
    expect(["drain", "error", "close"].map((event) => stream.listenerCount(event))).toEqual([0, 0, 0]);
  });

  test("that other processes hold open is closed after waitDelay [U20]", async () => {
    const held = sh("echo started; sleep 20 & exit 0");
    held.waitDelay = 100;
    const from = performance.now();
    expect(await thrown(held.output())).toBe(exec.errWaitDelay);
    // Not the time for which the other one holds it.
    expect(performance.now() - from).toBeLessThan(18_000);
    const failing = sh("sleep 5 & exit 3");
    failing.waitDelay = 100;
    expect(await thrown(failing.output())).toMatchObject({ message: "exit status 3" });
    const pipe = sh("echo out; sleep 5 & exit 0");
    pipe.waitDelay = 100;
    const out = pipe.stdoutPipe();
    await pipe.run();
    expect(await readAll(out)).toBe("out\n");
    expect(exec.errWaitDelay.message).toBe("exec: WaitDelay expired before I/O complete");
  });
});

test("output that nobody reads does not keep the program [U20]", () => {
  const program = `
    import * as exec from "gocsp/exec";
    const cmd = exec.command("sh", "-c", "head -c 150000 /dev/zero");
    cmd.waitDelay = 20;
    cmd.stdoutPipe();
    await cmd.run();
    console.log("over");
  `;
  const args = ["--input-type=module", "--eval", program];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
  expect([status, stdout]).toEqual([0, "over\n"]);
});

describe("more files", () => {
  test("that are none are refused [U21]", async () => {
    for (const file of [null, Number.NaN, -1, 2.5, { fd: -1 }, "path"]) {
      const cmd = sh("exit 0");
      cmd.extraFiles = [undefined, file as never];
      expect(String(await thrown(cmd.run()))).toMatch(/^TypeError: exec: extraFiles\[1\] must be a file, got /);
    }
  });

  test("become 3 and following [U21]", async () => {
    const [a, b] = ["a", "b"].map((text) => {
      const path = join(folder, `extra-${text}`);
      writeFileSync(path, text);
      return openSync(path, "r");
    }) as [number, number];
    const cmd = sh("cat <&4; cat <&3");
    cmd.extraFiles = [a, { fd: b }];
    expect(await textOf(cmd)).toBe("ba");
    closeSync(a);
    closeSync(b);
  });
});

describe("the process", () => {
  test("gets signals, until it has ended [U22]", async () => {
    const cmd = sh("trap 'echo got it; exit 0' USR1; echo ready; while :; do sleep 0.01; done");
    const out = cmd.stdoutPipe();
    await cmd.start();
    await once(out, "readable");
    cmd.process?.signal("SIGUSR1");
    await cmd.wait();
    expect(await readAll(out)).toBe("ready\ngot it\n");
    for (const act of ["kill", "killAll"] as const) expect(() => cmd.process?.[act]()).toThrow(exec.errProcessDone);
    expect(() => cmd.process?.signal("SIGTERM")).toThrow("os: process already finished");
    expect(() => cmd.process?.signalAll("SIGTERM")).toThrow("os: process already finished");
  });

  test("is killed alone, or with its descendants [U22]", async () => {
    const alone = sh("sleep 30 & echo $!; wait");
    const out = alone.stdoutPipe();
    await alone.start();
    const child = Number(String((await once(out, "data"))[0]));
    alone.process?.kill();
    expect(await thrown(alone.wait())).toMatchObject({ message: "signal: killed" });
    expect(process.kill(child, 0)).toBe(true);
    process.kill(child, "SIGKILL");
    const all = sh("sleep 30 & echo $!; wait");
    const pipe = all.stdoutPipe();
    await all.start();
    const other = Number(String((await once(pipe, "data"))[0]));
    all.process?.killAll();
    expect(await thrown(all.wait())).toMatchObject({ message: "signal: killed" });
    await readAll(pipe);
    expect(isRunning(other)).toBe(false);
  });
});

test.runIf(process.platform === "linux")("no descriptor of a command is left open [U34]", async () => {
  const descriptors = (): string[] => readdirSync("/proc/self/fd");
  const twice = async (): Promise<void> => {
    const programs = [["cat"], ["no-program"], ["/no/program"], ["sh", "-c", "exit 1"], ["cat", "/no/file"]];
    for (const [name = "", ...args] of programs) {
      const cmd = exec.command(name, ...args);
      const [input, ...outputs] = [cmd.stdinPipe(), cmd.stdoutPipe(), cmd.stderrPipe()];
      input.on("error", () => undefined).end("text");
      await Promise.all([thrown(cmd.run()), ...outputs.map(readAll)]);
      await thrown(exec.command(name, ...args).combinedOutput());
    }
  };
  await twice();
  const before = descriptors().length;
  for (let i = 0; i < 5; i++) await twice();
  expect(descriptors().length).toBeLessThanOrEqual(before);
});

test("a context must be one [U23]", () => {
  expect(() => exec.commandContext(undefined as never, "ls")).toThrow("nil Context");
  expect(() => exec.commandContext({} as never, "ls")).toThrow(
    new TypeError("exec.commandContext: the context must be a Context, got Object"),
  );
  expect(exec.commandContext(context.background(), "ls").args).toEqual(["ls"]);
});

function withPath<T>(path: string, body: () => T): T {
  const before = process.env["PATH"];
  process.env["PATH"] = path;
  const restore = (): void => void (process.env["PATH"] = before);
  try {
    const result = body();
    if (result instanceof Promise) return result.finally(restore) as T;
    restore();
    return result;
  } catch (error) {
    restore();
    throw error;
  }
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Tells whether a process runs; a zombie does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
