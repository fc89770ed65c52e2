// Records what the tests of the translator compare with: the output of each program of port/testdata under Go, and the
// translations of these programs and of the examples. Run it after an intended change: node port/record.ts
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { features, outputs, testdata, textsOf, throwing, translateAll } from "../test/port/translator.ts";

for (const name of [...features, ...throwing]) {
  const ran = spawnSync("go", ["run", `./${name}.go`], { cwd: testdata, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`go run ${name}.go: ${ran.stderr}`);
  writeFileSync(join(testdata, `${name}.txt`), ran.stdout);
}
const made = join(outputs, "record");
translateAll(made);
rmSync(join(testdata, "examples"), { recursive: true, force: true });
for (const name of Object.keys(textsOf(made))) {
  mkdirSync(join(testdata, name, ".."), { recursive: true });
  cpSync(join(made, name), join(testdata, name));
}
console.log(`${features.length + throwing.length} features and the examples recorded`);
