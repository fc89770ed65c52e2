import { chan, context, errors, gosched, sync } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as singleflight from "gocsp/singleflight";
import { type Program, same } from "./program.ts";

export const groups: readonly Program[] = [
  {
    name: "errgroup: the limit holds, the first error stays and ends the context",
    run: async () => {
      const [group, ctx] = errgroup.withContext(context.background());
      group.setLimit(2);
      let active = 0;
      let first: Error | undefined;
      for (let i = 0; i < 4; i++) {
        await group.go(async () => {
          same(++active <= 2, true, `${active} active`);
          await gosched();
          active--;
          if (i % 2 === 0) return;
          const failure = new Error(`task ${i}`);
          first ??= failure;
          throw failure;
        });
      }
      const [, err] = await errors.result(group.wait());
      same(err === first && context.cause(ctx) === first, true, "the first error");
      same(active, 0, "active");
    },
  },
  {
    name: "errgroup: tryGo never exceeds the limit",
    run: async () => {
      const group = new errgroup.Group();
      group.setLimit(1);
      let active = 0;
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(() => {
          group.tryGo(async () => {
            same(++active, 1, "active");
            await gosched();
            active--;
          });
        });
      }
      await wg.wait();
      await group.wait();
    },
  },
  {
    name: "singleflight: one flight at a time for a key, all get its value",
    run: async () => {
      const group = new singleflight.Group<number>();
      let [flying, flights] = [0, 0];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          const begun = flights;
          const [value] = await group.do("key", async () => {
            same(++flying, 1, "flights at once");
            const own = ++flights;
            await gosched();
            flying--;
            return own;
          });
          same(value > 0 && value >= begun, true, "a value from before the call");
        });
      }
      await wg.wait();
    },
  },
  {
    name: "singleflight: channels, calls and forget agree",
    run: async () => {
      const group = new singleflight.Group<number>();
      let flights = 0;
      const fly = async (): Promise<number> => {
        const own = ++flights;
        await gosched();
        if (own === 1) throw new Error("the first fails");
        return own;
      };
      const wg = new sync.WaitGroup();
      const results = chan<number>(8);
      wg.go(async () => {
        const { err, val } = await group.doResult("key", fly);
        results.trySend(err === undefined ? (val as number) : 1);
      });
      wg.go(async () => {
        const result = await group.doChan("key", fly).receive();
        results.trySend(result?.err === undefined ? (result?.val as number) : 1);
      });
      wg.go(() => group.forget("key"));
      await wg.wait();
      const got = new Set([await results.receive(), await results.receive()]);
      same(got.size <= flights && !got.has(undefined), true, "results without flights");
    },
  },
];
