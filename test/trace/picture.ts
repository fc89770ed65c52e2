// Opens the recording of programs/pages.ts in Chromium's performance panel, checks that each goroutine has a track there,
// and writes docs/tracing.png: node test/trace/picture.ts, after npm run build.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";
import { findChromium } from "../runtimes/browser.ts";

interface Target {
  readonly type: string;
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

const folder = mkdtempSync(join(tmpdir(), "gocsp-picture-"));
const file = join(folder, "trace.json");
const register = join(root, "dist/trace/register.js");
spawnSync(process.execPath, ["--import", register, join(import.meta.dirname, "programs/pages.ts")], {
  env: { ...process.env, GOCSP_TRACE: file },
  stdio: "inherit",
});

const path = findChromium();
if (path === undefined) throw new Error("no chromium in PATH");
const browser = spawn(
  path,
  [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    `--user-data-dir=${join(folder, "profile")}`,
    "about:blank",
  ],
  { stdio: ["ignore", "ignore", "pipe"] },
);
try {
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    browser.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /ws:\/\/([\d.:]+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    browser.once("exit", () => reject(new Error(text)));
  });
  const ask = async (what: string, method = "GET"): Promise<unknown> =>
    (await fetch(`http://${address}/json${what}`, { method })).json();
  const inspected = ((await ask("")) as Target[]).find(({ type }) => type === "page");
  const panel = (await ask("/new?about:blank", "PUT")) as Target;

  const socket = new WebSocket(panel.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const waiting = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: unknown };
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  const send = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(JSON.stringify(error)));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = (await send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: unknown }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => void setTimeout(resolve, milliseconds));

  await send("Page.enable");
  const [width, height] = [1500, 800];
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  const url = `devtools://devtools/bundled/devtools_app.html?ws=${address}/devtools/page/${inspected?.id}`;
  await send("Page.navigate", { url });
  await pause(4000);
  // The panel's own functions: "Load trace…" opens a dialog, which nobody could answer.
  await evaluate(`(async () => {
    const { ViewManager } = await import("devtools://devtools/bundled/ui/legacy/legacy.js");
    await ViewManager.ViewManager.instance().showView("timeline");
    const { TimelinePanel } = await import("devtools://devtools/bundled/panels/timeline/timeline.js");
    const text = ${JSON.stringify(readFileSync(file, "utf8"))};
    await TimelinePanel.TimelinePanel.instance().loadFromFile(new File([text], "trace.json", { type: "application/json" }));
  })()`);
  await pause(4000);
  const tracks = (await evaluate(`(async () => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
    for (const button of all(document)) {
      if (/^(hide sidebar|close)/i.test(button.getAttribute("aria-label") ?? button.title ?? "")) button.click();
    }
    const { TimelinePanel } = await import("devtools://devtools/bundled/panels/timeline/timeline.js");
    const { flameChart } = TimelinePanel.TimelinePanel.instance();
    const { groups } = flameChart.mainDataProvider.timelineData();
    groups.forEach((group, i) => group.expanded || flameChart.mainFlameChart.toggleGroupExpand(i));
    return groups.map(({ name }) => name);
  })()`)) as string[];
  for (let n = 1; n <= 5; n++) {
    if (!tracks.some((name) => name.startsWith(`goroutine ${n}`)))
      throw new Error(`no track of ${n}: ${tracks.join()}`);
  }
  await pause(1000);
  const clip = { x: 0, y: 0, width, height: 340, scale: 1 };
  const { data } = (await send("Page.captureScreenshot", { format: "png", clip })) as { data: string };
  writeFileSync(join(root, "docs/tracing.png"), Buffer.from(data, "base64"));
  console.log(tracks.join("\n"));
  socket.close();
} finally {
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  browser.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
