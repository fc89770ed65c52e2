// A select has no priorities: among the ready cases chance decides. An earlier look at one channel gives it precedence.
// The precedence holds only for values that are there at that moment; no program can guarantee more.
import { chan, main, select } from "gocsp";

main(async () => {
  const [urgent, normal] = [chan<string>(10), chan<string>(10)];
  for (let i = 0; i < 4; i++) await normal.send(`normal ${i}`);
  for (let i = 0; i < 4; i++) await urgent.send(`urgent ${i}`);
  normal.close();

  for (let done = false; !done;) {
    const first = urgent.tryReceive();
    if (first) {
      console.log(first.value);
      continue;
    }
    const op = await select({ urgent, normal });
    switch (op.case) {
      case "urgent":
        console.log(op.value);
        break;
      case "normal":
        if (!op.ok) {
          done = true;
          break;
        }
        console.log(op.value);
        if (op.value === "normal 1") await urgent.send("urgent, in between");
    }
  }

  // Without precedence both get their share: of 1000 choices between two ready channels each has between 350 and 650.
  const [a, b] = [chan<number>(1000), chan<number>(1000)];
  for (let i = 0; i < 1000; i++) {
    await a.send(0);
    await b.send(1);
  }
  const count: [number, number] = [0, 0];
  for (let i = 0; i < 1000; i++) {
    const op = await select({ a, b });
    count[op.value as 0 | 1]++;
  }
  console.log("fair:", count[0] > 350 && count[0] < 650, count[0] + count[1]);
});
