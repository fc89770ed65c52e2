// A stand-in for a database, with the signature of the real one: a query ends when its context ends. gocsp/sql tells the
// server, too.
import { context, type Context, go, main, select, time } from "gocsp";

const db = {
  query: async (ctx: Context, text: string): Promise<string[]> => {
    console.log("server runs:", text);
    const op = await select({ rows: time.after(1 * time.minute), done: ctx.done() });
    if (op.case === "done") {
      console.log("server stops:", text);
      throw ctx.err();
    }
    return ["ann", "bob"];
  },
};

main(async () => {
  const [request, clientLeaves] = context.withCancel(context.background());
  go(async () => {
    await time.sleep(20 * time.millisecond);
    clientLeaves();
  });
  try {
    console.log(await db.query(request, "select name from users"));
  } catch (err) {
    console.log("no page:", (err as Error).message);
  }
});
