// The value wins against a timeout of four seconds, which then must not hold the process.
import { chan, go, select, time } from "gocsp";

const ch = chan();
go(() => ch.send("value"));
const op = await select({ value: ch, late: time.after(4 * time.second) });
console.log(op.case);
