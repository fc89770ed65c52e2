// Once, and the functions made of it: however many call at the same time, the work is done once, and all go on only
// when it is done. A value is remembered, and so is a panic.
import { chan, main, sync } from "gocsp";

main(async () => {
  const setup = new sync.Once();
  let [calls, ready, early] = [0, false, 0];
  const gate = chan<boolean>();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 10; i++) {
    wg.go(async () => {
      await setup.do(async () => {
        calls++;
        await gate.receive();
        ready = true;
      });
      if (!ready) early++;
    });
  }
  await gate.send(true);
  await wg.wait();
  await setup.do(() => calls++);
  console.log("calls:", calls, "went on before it was done:", early);

  let computed = 0;
  const answer = sync.onceValue(() => {
    computed++;
    return 42;
  });
  console.log(answer(), answer(), "computed", computed);

  const pair = sync.onceValues((): [string, number] => ["seven", 7]);
  const [name, n] = pair();
  console.log(name, n);

  const broken = sync.onceFunc(() => {
    computed++;
    throw new Error("broken");
  });
  for (let i = 0; i < 2; i++) {
    try {
      broken();
    } catch (err) {
      console.log("recovered:", (err as Error).message);
    }
  }
  console.log("computed", computed);

  // A call that throws counts as done, also for Once itself.
  const failing = new sync.Once();
  try {
    await failing.do(() => {
      throw new Error("failed");
    });
  } catch (err) {
    console.log("recovered:", (err as Error).message);
  }
  await failing.do(() => console.log("never printed"));
});
