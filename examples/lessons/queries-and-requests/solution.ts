// The request's context goes down into every call that waits.
import { context, type Context, go, main, select, time } from "gocsp";

const query = async (ctx: Context, rows: string): Promise<string> => {
  const op = await select({ answered: time.after(30 * time.second), done: ctx.done() });
  if (op.case === "done") throw ctx.err();
  return rows;
};

const handle = async (ctx: Context): Promise<string> => {
  const users = await query(ctx, "users");
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
