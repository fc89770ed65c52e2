import { context, gosched, sync } from "gocsp";
import * as events from "gocsp/events";
import * as stream from "gocsp/stream";
import { type Program, same } from "./program.ts";

function receivedOrDropped(full: "dropNewest" | "dropOldest") {
  return async (): Promise<void> => {
    const [ctx, cancel] = context.withCancel(context.background());
    const target = new EventTarget();
    const ch = events.receive<Event>(ctx, target, "tick", { capacity: 1, full });
    const [emitters, receivers] = [new sync.WaitGroup(), new sync.WaitGroup()];
    let received = 0;
    for (let i = 0; i < 2; i++) {
      emitters.go(async () => {
        for (let n = 0; n < 2; n++) {
          target.dispatchEvent(new Event("tick"));
          await gosched();
        }
      });
      receivers.go(async () => {
        for await (const { type } of ch) if (type === "tick") received++;
      });
    }
    await emitters.wait();
    cancel();
    await receivers.wait();
    target.dispatchEvent(new Event("tick"));
    same(received + events.dropped(ch), 4, "events received and dropped");
  };
}

export const eventful: readonly Program[] = [
  { name: "events: each is received or counted as dropped, the newest", run: receivedOrDropped("dropNewest") },
  { name: "events: each is received or counted as dropped, the oldest", run: receivedOrDropped("dropOldest") },
  {
    name: "stream: what is read from a stream comes in order, whole or up to the end of the context",
    run: async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      const source = (async function* () {
        for (let n = 0; n < 4; n++) yield n;
      })();
      const ch = stream.receive<number>(ctx, source);
      const wg = new sync.WaitGroup();
      const got: number[] = [];
      wg.go(async () => {
        for await (const n of ch) {
          got.push(n);
          await gosched();
        }
      });
      wg.go(async () => {
        await gosched();
        await gosched();
        cancel();
      });
      await wg.wait();
      same(got, [0, 1, 2, 3].slice(0, got.length), "in order");
    },
  },
];
