// Runs one program as a process of its own: the path of its text is the argument.
import { readFileSync } from "node:fs";
import { main } from "gocsp";
import { compile, Harness } from "./harness.ts";

const program = compile(readFileSync(process.argv[2] as string, "utf8"));
main(new Harness(true).run("main", program));
