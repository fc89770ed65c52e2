// Under an endless ping-pong: how late a 50 ms timer is, again and again, or an HTTP server for the parent process to
// measure. Prints nothing at all if the ping-pong keeps the event loop from turning.
import { createServer } from "node:http";
import { endless } from "./pingpong.ts";

const [what = "", subject = "", duration = "3000"] = process.argv.slice(2);
const delay = 50;

if (what === "http") serve();
else measureTimers();
await new Promise((resolve) => setTimeout(resolve, 100));
// With no subject the event loop is idle.
await endless[subject]?.();

function serve(): void {
  const server = createServer((_request, response) => response.end("ok"));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object") process.stdout.write(`${address?.port}\n`);
  });
}

function measureTimers(): void {
  const latenesses: number[] = [];
  const end = performance.now() + Number(duration);
  const again = (): void => {
    const start = performance.now();
    setTimeout(() => {
      const now = performance.now();
      latenesses.push(now - start - delay);
      if (now < end) again();
      // The timers of the first round were set on an idle loop.
      else process.stdout.write(JSON.stringify(latenesses.slice(3)), () => process.exit(0));
    }, delay);
  };
  again();
}
