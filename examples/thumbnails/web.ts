// The web process: a page with the jobs, where some can be added and canceled. A job is sent in the transaction that
// stores its row, so that neither exists without the other. SIGTERM: it finishes its requests, then ends.
import express, { type Request, type RequestHandler, type Response } from "express";
import { context, main, time } from "gocsp";
import * as http from "gocsp/http";
import * as signal from "gocsp/signal";
import { createTable, openDB, openTopic } from "./shared.ts";

main(async () => {
  const [ctx, stop] = signal.notifyContext(context.background(), "SIGTERM", "SIGINT");
  using _ = stop;
  await using db = openDB();
  await createTable(ctx, db);
  const [broker, thumbnails] = await openTopic(ctx);
  await using _1 = broker;
  const app = express();
  // `next` passes the errors of a handler to Express.
  const handler =
    (f: (req: Request<{ id: string }>, res: Response) => Promise<void>): RequestHandler<{ id: string }> =>
    (req, res, next) =>
      void f(req, res).catch(next);

  app.post<string, { id: string }>(
    "/jobs",
    handler(async (req, res) => {
      const ctx = http.context(req, res);
      const job = { id: `image-${Date.now()}`, file: "gopher.png", work: Number(req.query["work"] ?? 3000) };
      await using tx = await db.beginTx(ctx);
      await tx.execContext(ctx, "INSERT INTO thumbnail VALUES ($1, $2, 'waiting')", job.id, job.file);
      await thumbnails.send(ctx, job, { id: job.id, tx });
      await tx.commit();
      res.status(201).json(job);
    }),
  );

  app.post(
    "/jobs/:id/cancel",
    handler(async (req, res) => {
      const canceled = await thumbnails.cancel(http.context(req, res), req.params.id, "the user clicked on cancel");
      res.json({ canceled });
    }),
  );

  app.get<string, { id: string }>(
    "/jobs",
    handler(async (req, res) => {
      const ctx = http.context(req, res);
      await using rows = await db.queryContext(ctx, "SELECT * FROM thumbnail ORDER BY id DESC LIMIT 20");
      res.json({ topic: await thumbnails.inspect(ctx), jobs: await rows.toArray() });
    }),
  );

  app.get("/", (_req, res) => {
    res.type("html").send(page);
  });

  const server = new http.Server({ addr: process.env["ADDR"] ?? "127.0.0.1:8080", handler: http.handlerFunc(app) });
  await server.listen();
  console.log(`web ${process.pid}: http://${server.addr()}/`);
  await ctx.done().receive();
  const [soon, cancel] = context.withTimeout(context.background(), 5 * time.second);
  using _2 = cancel;
  await server.shutdown(soon);
  console.log(`web ${process.pid}: closed`);
});

const page = `<!doctype html><title>Thumbnails</title><h1>Thumbnails</h1>
<button onclick="post('/jobs')">Add a job</button> <pre id="topic"></pre><table id="jobs"></table>
<script>
const post = (url) => fetch(url, { method: "POST" }).then(show);
const show = async () => {
  const { topic, jobs } = await (await fetch("/jobs")).json();
  document.getElementById("topic").textContent = JSON.stringify(topic);
  const table = document.getElementById("jobs");
  table.replaceChildren(...jobs.map((job) => {
    const row = document.createElement("tr");
    for (const text of [job.id, job.state, "attempt " + (job.attempt ?? 0), job.note ?? ""]) {
      row.insertCell().textContent = text;
    }
    const button = document.createElement("button");
    button.textContent = "Cancel";
    button.onclick = () => post("/jobs/" + job.id + "/cancel");
    if (job.state !== "done") row.insertCell().append(button);
    return row;
  }));
};
setInterval(show, 500); show();
</script>`;
