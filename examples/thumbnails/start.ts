// Starts the example: a database if DATABASE_URL names none, a web process and a worker process. A worker that dies is
// replaced, as a process manager does it. `npm run example:thumbnails -- --demo` performs the steps of the guide: it
// kills a worker in the middle of a job, cancels a job, deploys, and prints what happens.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { admin, noPostgres, startPostgres } from "../../test/sql/servers/postgres.ts";

const demo = process.argv.includes("--demo");
let url = process.env["DATABASE_URL"];
let stopDatabase = async (): Promise<void> => undefined;
let port = 0;
if (url === undefined) {
  if (noPostgres !== undefined) {
    console.log("thumbnails: PostgreSQL is missing: install it, or set DATABASE_URL to a database that may be used");
    process.exit(0);
  }
  const server = await startPostgres();
  port = server.port;
  url = `postgres://${server.user}@${server.host}:${server.port}/${server.database}`;
  stopDatabase = () => server.stop();
}

const env = { ...process.env, DATABASE_URL: url, ...(demo ? { ADDR: "127.0.0.1:0" } : {}) };
let isStopping = false;

/** Starts one of the two programs; resolves with its first line of output. */
async function start(program: string): Promise<[child: ChildProcess, line: string]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${program}.ts`)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => process.stdout.write(text));
  const [line] = (await once(child.stdout, "data")) as [string];
  return [child, line];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

let worker: ChildProcess;
const keep = async (): Promise<void> => {
  [worker] = await start("worker");
  worker.once("exit", (_code, signal) => {
    if (isStopping) return;
    console.log(`thumbnails: the worker has died (${signal}): here is another`);
    void keep();
  });
};

const [web, line] = await start("web");
const address = /http:\S+/.exec(line)?.[0] ?? "";
await keep();

const end = async (): Promise<void> => {
  isStopping = true;
  await Promise.all([stop(worker), stop(web)]);
  await stopDatabase();
};

if (demo) {
  await play();
  await end();
} else {
  console.log(`thumbnails: open ${address}, add a job, cancel it, or kill -9 the worker: ${worker!.pid}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end());
}

interface Job {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly done: number;
  readonly note: string;
}

/** Polls the web process until a job is in the wanted state. */
async function until(id: string, is: (job: Job) => boolean): Promise<Job> {
  for (;;) {
    const answer = await fetch(new URL("/jobs", address));
    const { jobs } = (await answer.json()) as { jobs: Job[] };
    const job = jobs.find((job) => job.id === id);
    if (job !== undefined && is(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function add(work: number): Promise<string> {
  const answer = await fetch(new URL(`/jobs?work=${work}`, address), { method: "POST" });
  return ((await answer.json()) as Job).id;
}

/** Returns how many statements of jobs the database runs. */
async function sleeping(): Promise<number> {
  const rows = await admin(
    port,
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'",
  );
  return Number(rows[0]?.["n"]);
}

async function play(): Promise<void> {
  const killed = await add(1000);
  await until(killed, ({ state }) => state === "converting");
  console.log("demo: kill -9 in the middle of a job");
  worker.kill("SIGKILL");
  const { attempt, done } = await until(killed, ({ state }) => state === "done");
  console.log(`demo: it came back: done ${done} time, in attempt ${attempt}`);

  const canceled = await add(60_000);
  await until(canceled, ({ state }) => state === "converting");
  await fetch(new URL(`/jobs/${canceled}/cancel`, address), { method: "POST" });
  const { note } = await until(canceled, ({ state }) => state === "stopped");
  console.log(`demo: a job that would run for two minutes was canceled from the page: ${note}`);

  if (port !== 0) {
    const query = await add(1500);
    await until(query, ({ state }) => state === "storing");
    console.log(`demo: statements of jobs that the database runs: ${await sleeping()}`);
    await fetch(new URL(`/jobs/${query}/cancel`, address), { method: "POST" });
    await until(query, ({ state }) => state === "stopped");
    let n = 1;
    while (n > 0) n = await sleeping();
    console.log(`demo: after the cancel: ${n}`);
  }

  const deployed = await add(8000);
  await until(deployed, ({ state }) => state === "converting");
  console.log("demo: a deploy while a job runs that takes longer than the grace");
  isStopping = true;
  await stop(worker);
  isStopping = false;
  await keep();
  const again = await until(deployed, ({ state }) => state === "done");
  console.log(
    `demo: it was given back and done by the next worker: done ${again.done} time, in attempt ${again.attempt}`,
  );
}
