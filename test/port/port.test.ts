import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, run as runNow, temporaryFolder } from "../../scripts/project.ts";
import { expected, goProblem, run } from "../examples/programs.ts";
import { examples, features, gocsp, outputs, testdata, textsOf, throwing, translateAll } from "./translator.ts";

const timeout = 120_000;

describe.concurrent("features of Go, translated", { timeout }, () => {
  test.for([...features, ...throwing])("%s prints what Go prints [D1]", async (name, { expect }) => {
    const result = await run(process.execPath, join(testdata, `${name}.ts`));
    expect(result.stderr).toBe("");
    expect(result.stdout).toBe(readFileSync(join(testdata, `${name}.txt`), "utf8"));
  });
});

// Some of them depend on the clock: a busy machine can reverse the order of two timers.
describe.concurrent("the examples, translated", { timeout, retry: 2 }, () => {
  test.for(examples)("%s prints what Go prints [D2]", async (name, { expect }) => {
    const { stdout, stderr, status } = expected(name);
    const result = await run(process.execPath, join(testdata, "examples", name, "main.ts"));
    expect(result.stdout).toBe(stdout);
    expect(result.stderr).toMatch(stderr);
    expect(result.status).toBe(status);
  });
});

test("the translations have no type errors under strict [D3]", { timeout }, () => {
  const result = runNow(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", testdata]);
  expect(result.stdout).toBe("");
});

test.skipIf(goProblem() !== undefined)("the translator makes what is recorded [D4]", { timeout: 300_000 }, () => {
  const folder = join(outputs, "test");
  translateAll(folder);
  const made = textsOf(folder);
  const recorded = textsOf(testdata);
  expect(Object.keys(made)).toEqual(Object.keys(recorded));
  for (const [name, text] of Object.entries(made)) expect(text, name).toBe(recorded[name]);
});

describe("the command", () => {
  test("says in one sentence that there is no Go [D5]", () => {
    const empty = temporaryFolder();
    const result = gocsp(["port", "./x"], root, { ...process.env, PATH: empty });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^gocsp port needs Go 1\.\d+ or newer: there is no go command \(see .*\)\n$/);
  });

  test("tells its usage, and what it does not know [D5]", () => {
    expect(gocsp(["--help"]).stdout).toContain("usage: gocsp port [flags] packages");
    expect(gocsp(["prot"]).stderr).toContain("gocsp: unknown command prot");
    expect(gocsp(["prot"]).status).toBe(2);
  });

  test.skipIf(goProblem() !== undefined)("tells where Go code does not compile [D5]", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "go.mod"), "module broken\n\ngo 1.26\n");
    writeFileSync(join(folder, "main.go"), 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(x)\n}\n');
    const result = gocsp(["port", "-o", join(folder, "out"), "."], folder);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^gocsp port: the Go code does not compile:\n {2}.*main\.go:6:14: undefined: x\n$/);
    writeFileSync(join(folder, "main.go"), 'package main\n\nimport "absent.example/x"\n\nfunc main() { x.Y() }\n');
    expect(gocsp(["port", "-o", join(folder, "out"), "."], folder).stderr).toContain("absent.example/x");
  });

  test.skipIf(goProblem() !== undefined)("hides no function of gocsp/golib behind a variable [D4]", { timeout }, () => {
    const result = runNow("go", ["test", "./..."], join(root, "port"));
    expect(result.stdout).toMatch(/^ok /);
  });

  test.skipIf(goProblem() !== undefined)("marks what it does not translate, and --check fails for it [D6]", () => {
    const folder = join(outputs, "marks");
    mkdirSync(folder, { recursive: true });
    const source = join(root, "test", "port", "marked");
    const plain = gocsp(["port", "-o", folder, "."], source);
    expect(plain.status).toBe(0);
    expect(plain.stdout).toMatch(/% mechanical\n/);
    expect(plain.stdout).toMatch(/\d+ marks? to look at \(search for PORT\)/);
    const text = readFileSync(join(folder, "main.ts"), "utf8");
    expect(text).toContain("// PORT: reflect.TypeOf has no counterpart here");
    expect(text).toContain("// PORT: testing.Benchmark (call; measure with mitata or tinybench)");
    const waits = "waits, but what prints and compares values calls it without awaiting (colour; do not wait here)";
    expect(text).toContain(`// PORT: String ${waits}`);
    expect(text).toContain(`// PORT: Error ${waits}`);
    expect(text).toContain("// PORT: the method Less waits, but Sort calls it without awaiting (callback;");
    expect(gocsp(["port", "--check", "--quiet", "-o", folder, "."], source).status).toBe(1);
  });
});
