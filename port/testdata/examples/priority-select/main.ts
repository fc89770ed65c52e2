// A select has no priorities: among the ready cases chance decides. An earlier, non-waiting select gives one channel
// precedence. Precedence holds for what is there at that moment only; that is all anyone can promise.
import { chan, main, select } from "gocsp";
import { at } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  const urgent = chan<string>(10);
  const normal = chan<string>(10);
  for (let i = 0; i < 4; i++) {
    await normal.send(fmt.sprint("normal ", i));
  }
  for (let i = 0; i < 4; i++) {
    await urgent.send(fmt.sprint("urgent ", i));
  }
  normal.close();

  for (let done = false; !done;) {
    const got = urgent.tryReceive();
    if (got !== undefined) {
      const s = got.value ?? "";
      console.log(s);
      continue;
    }
    const op = await select({ urgent, normal });
    switch (op.case) {
      case "urgent": {
        const s = op.value ?? "";
        console.log(s);
        break;
      }
      case "normal": {
        const s = op.value ?? "";
        const ok = op.ok;
        if (!ok) {
          done = true;
          break;
        }
        console.log(s);
        if (s === "normal 1") {
          await urgent.send("urgent, in between");
        }
      }
    }
  }

  // Without precedence both get their share: of 1000 choices between two ready channels each has between 350 and 650.
  const a = chan<number>(1000);
  const b = chan<number>(1000);
  for (let i1 = 0; i1 < 1000; i1++) {
    await a.send(0);
    await b.send(1);
  }
  const count = [0, 0];
  for (let i1 = 0; i1 < 1000; i1++) {
    const op = await select({ a, b });
    switch (op.case) {
      case "a": {
        const n = op.value ?? 0;
        count[n] = at(count, n) + 1;
        break;
      }
      case "b": {
        const n = op.value ?? 0;
        count[n] = at(count, n) + 1;
      }
    }
  }
  console.log("fair:", count[0]! > 350 && count[0]! < 650, count[0]! + count[1]!);
});
