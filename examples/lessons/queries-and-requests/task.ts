// The client leaves after 20 ms, and the first query runs for 30 seconds more. Let the handler hand its context on.
import { context, type Context, go, main, select, time } from "gocsp";

const query = async (ctx: Context, rows: string): Promise<string> => {
  const op = await select({ answered: time.after(30 * time.second), done: ctx.done() });
  if (op.case === "done") throw ctx.err();
  return rows;
};

const handle = async (ctx: Context): Promise<string> => {
  const users = await query(context.background(), "users");
  const orders = await query(ctx, "orders");
  return `page of ${users} and ${orders}`;
};

main(async () => {
  const [request, clientLeaves] = context.withCancel(context.background());
  go(async () => {
    await time.sleep(20 * time.millisecond);
    clientLeaves();
  });
  try {
    console.log(await handle(request));
  } catch (err) {
    console.log("no page:", (err as Error).message);
  }
});
