// Records Go's outcomes of the programs of the first seeds, for machines without Go: node test/oracle/record.ts
import { writeFileSync } from "node:fs";
import { generate } from "./generate.ts";
import { buildGo, recorded, recordedSeeds, runGo } from "./go.ts";

const outcomes = runGo(buildGo(recordedSeeds.map(generate)));
writeFileSync(recorded, outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(""));
