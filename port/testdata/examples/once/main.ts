// Once, and the functions made of it: however many call at the same time, the work is done once, and all go on only
// when it is done. A value is remembered, and so is a panic.
import { chan, main, sync } from "gocsp";
import { deferringSync, Once, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  const setup = new sync.Once();
  // mu: no section of this mutex waits, so nobody needs it here.
  let calls = 0;
  let ready = false as boolean;
  let early = 0;
  const gate = chan<boolean>();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 10; i++) {
    wg.go(async () => {
      await setup.do(async () => {
        calls++;
        await gate.receive();
        ready = true;
      });
      if (!ready) {
        early++;
      }
    });
  }
  await gate.send(true);
  await wg.wait();
  await setup.do(() => {
    calls++;
  });
  console.log("calls:", calls, "went on before it was done:", early);

  let computed = 0;
  const answer = sync.onceValue((): number => {
    computed++;
    return 42;
  });
  console.log(answer(), answer(), "computed", computed);

  const pair = sync.onceValues(() => ["seven", 7]);
  const [name, n] = pair();
  fmt.println(name, n);

  const broken = sync.onceFunc(() => {
    computed++;
    panic("broken");
  });
  for (let i = 0; i < 2; i++) {
    (() => {
      deferringSync((deferred) => {
        deferred((recover) => {
          fmt.println("recovered:", recover());
        });
        broken();
      });
    })();
  }
  console.log("computed", computed);

  // A call that panics counts as done, also for Once itself.
  const failing = new Once();
  (() => {
    deferringSync((deferred) => {
      deferred((recover) => {
        fmt.println("recovered:", recover());
      });
      failing.do(() => panic("failed"));
    });
  })();
  failing.do(() => {
    console.log("never printed");
  });
});
