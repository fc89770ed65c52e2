/** A worker whose jobs end only when they are canceled. */

import { context } from "../../src/index.ts";
import { postgres } from "../../src/topic/postgres/postgres.ts";
import { open } from "../../src/topic/topic.ts";

const [url = "", name = ""] = process.argv.slice(2);
const bg = context.background();
const broker = await open(bg, postgres(url));
const topic = broker.topic<number>(name, { lease: 3000 });
console.log("ready");
await topic.handle(bg, { concurrency: 8 }, async (ctx, _n, { id }) => {
  console.log(`begun ${id}`);
  await ctx.done().receiveOk();
  console.log(`ended ${id}`);
  throw ctx.err() as Error;
});
