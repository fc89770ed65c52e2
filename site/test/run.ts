// Builds the site, and tests it in headless Chromium as it is served: below a path, without another host.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join, posix } from "node:path";
import { gzipSync, inflateRawSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import { check, finish, skip } from "../../scripts/checks.ts";
import { findChromium } from "../../test/runtimes/browser.ts";
import { GivenUp, Sandbox } from "../client/sandbox.ts";
import { chapters } from "../content/chapters.ts";
import { levels } from "../content/levels.ts";
import { patterns } from "../content/patterns.ts";
import { prepareSite } from "../scripts/start.ts";
import { crowd, fragment } from "./programs.ts";

const race = `import { chan, go, main } from "gocsp";
main(async () => {
  const ch = chan<string>(2);
  go(() => ch.send("a"));
  go(() => ch.send("b"));
  console.log(await ch.receive());
  console.log(await ch.receive());
});`;

const lost = `import { gosched, main, sync } from "gocsp";
main(async () => {
  let n = 0;
  const wg = new sync.WaitGroup();
  const add = async () => {
    const seen = n;
    await gosched();
    n = seen + 1;
  };
  wg.go(add);
  wg.go(add);
  await wg.wait();
  if (n !== 2) throw new Error("an update was lost: " + n);
});`;

/** A run ends when nobody can go on, so what is asked of a network is asked without waiting: the server tells what came. */
const intruder = `import { main } from "gocsp";
main(() => {
  const scope = globalThis as any;
  void fetch("ORIGIN/stolen/fetch", { mode: "no-cors" }).catch(() => undefined);
  const request = new XMLHttpRequest();
  const tries: Record<string, () => unknown> = {
    XMLHttpRequest: () => (request.open("GET", "ORIGIN/stolen/xhr", false), request.send()),
    importScripts: () => scope.importScripts("ORIGIN/stolen/script"),
    parent: () => scope.parent.document.title,
    top: () => scope.top.location.href,
    document: () => scope.document.cookie,
    localStorage: () => scope.localStorage.getItem("x"),
    indexedDB: () => scope.indexedDB.open("x"),
    worker: () => { const w = new Worker("ORIGIN/stolen/worker"); w.onerror = () => undefined; throw new Error("the server tells"); },
  };
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      attempt();
      console.log(name + ": allowed");
    } catch {
      console.log(name + ": refused");
    }
  }
});`;

/** Ways out that need no answer: nothing of them may arrive, and nothing may be seen of them. */
const burglar = `import { main } from "gocsp";
main(() => {
  const scope = globalThis as any;
  const quiet = (promise: any): void => void promise?.catch?.(() => undefined);
  const code = (text: string): string => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const tries: Record<string, () => unknown> = {
    import: () => quiet(import("ORIGIN/stolen/import")),
    evaluated: () => quiet(new Function("return import('ORIGIN/stolen/evaluated')")()),
    constructor: () => quiet((async () => undefined).constructor("return fetch('ORIGIN/stolen/constructor')")()),
    nested: () => new Worker(code("fetch('ORIGIN/stolen/nested').catch(() => 0); importScripts('ORIGIN/stolen/nested-script')")),
    module: () => new Worker(code("import 'ORIGIN/stolen/nested-module'"), { type: "module" }),
    socket: () => new WebSocket("ORIGIN/stolen/socket".replace("http", "ws")),
    events: () => new EventSource("ORIGIN/stolen/events"),
    beacon: () => scope.navigator.sendBeacon("ORIGIN/stolen/beacon"),
    font: () => quiet(new scope.FontFace("f", "url(ORIGIN/stolen/font)").load()),
    location: () => (scope.location = "ORIGIN/stolen/location"),
    href: () => (scope.location.href = "ORIGIN/stolen/href"),
    window: () => scope.open("ORIGIN/stolen/window"),
    alert: () => scope.alert("x"),
    prompt: () => scope.prompt("x"),
    session: () => scope.sessionStorage.setItem("x", "x"),
    caches: () => quiet(scope.caches.open("stolen")),
    cookies: () => quiet(scope.cookieStore.set("stolen", "x")),
    service: () => quiet(scope.navigator.serviceWorker.register("ORIGIN/stolen/service")),
    shared: () => new scope.SharedWorker("ORIGIN/stolen/shared"),
    broadcast: () => new BroadcastChannel("stolen").postMessage("stolen/broadcast"),
  };
  for (const attempt of Object.values(tries)) {
    try {
      attempt();
    } catch {}
  }
  console.log("tried", Object.keys(tries).length);
});`;

/** A program that says for the engine what the engine has not said. */
const forger = `${lost}
const scope = globalThis as any;
const easy = { type: "explore", all: true, runs: 9, seed: 1, source: 'import { main } from "gocsp";\\nmain(() => undefined);' };
scope.postMessage?.({ type: "explored", explored: { runs: 9, steps: 9, exhausted: true, failure: undefined } });
for (let i = 0; i < 100_000; i++) scope.postMessage?.({ type: "alive", runs: i });
scope.onmessage?.({ data: easy });
scope.dispatchEvent(new MessageEvent("message", { data: easy }));
console.log("postMessage: " + typeof scope.postMessage, "onmessage: " + String(scope.onmessage));`;

/** More goroutines than a screen has rows, channels and contexts likewise. */
const many = `import { chan, context, go, main } from "gocsp";
main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const done = chan<void>();
  for (let n = 0; n < 400; n++) {
    const own = chan<number>();
    const [child] = context.withCancel(ctx);
    go(async () => {
      await own.receive(child).catch(() => undefined);
      await done.send();
    });
  }
  for (let n = 0; n < 300; n++) console.log(n);
  cancel();
  for (let n = 0; n < 400; n++) await done.receive();
});`;

/** In the engine's place: the page takes only what it says. */
const engineThat = (does: string): string => `
  const post = postMessage.bind(globalThis);
  const recording = { entries: [], steps: [], choices: [], outcome: undefined, token: "", seed: 1, time: 0 };
  onmessage = ({ data }) => { ${does} };
  post({ type: "ready" });`;

prepareSite();
// These need what was just installed.
const { chromium } = await import("playwright-core");
const { relativeScript } = await import("../scripts/relative.ts");
const { serve } = await import("../scripts/serve.ts");

const site = join(import.meta.dirname, "..");
const root = join(site, "..");
const dist = join(site, ".vitepress", "dist");

function equal(got: unknown, want: unknown, what = ""): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what} got ${a?.slice(0, 2500)}, want ${b?.slice(0, 600)}`);
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

function build(): void {
  const fast = process.env["SITE_FAST"] === "1" ? ["--fast"] : [];
  if (process.env["SITE_FAST"] === "built" && existsSync(dist)) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.ts", ...fast], {
    cwd: site,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`.slice(-4000));
}

await check("the modules of the site have no type errors", () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", join(site, "tsconfig.json")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout.slice(0, 3000));
});

await check("the site is built", build);

const mark = "/__GOCSP_BASE__/";

await check("no file of the site knows the path at which it will be", () => {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|js|css)$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    holds(!text.includes(mark), `${entry.name} has the mark`);
  }
});

await check("a script's strings are put together at run time", () => {
  const code = `const a = "${mark}x", b = \`${mark}\${a}\`, c = JSON.parse("{\\"base\\":\\"${mark}\\"}"), d = '${mark}';`;
  // oxlint-disable-next-line typescript/no-implied-eval -- runs the script that was made here
  const run = new Function(
    `globalThis.__gocspBase = "/some/"; ${relativeScript(code)}; return [a, b, c.base, d];`,
  ) as () => unknown;
  equal(run(), ["/some/x", "/some//some/x", "/some/", "/some/"]);
});

await check("the page for what is missing asks for nothing: it is served at any depth", () => {
  const page = readFileSync(join(dist, "404.html"), "utf8");
  holds(page.includes("There is no such page"), page);
  equal(page.match(/<script|<link|\bsrc=|\bhref=/g), null);
});

await check("every page is there", () => {
  const pages = [
    "index.html",
    "playground.html",
    "teaching.html",
    "comparison.html",
    "guides/testing.html",
    "api/chan.html",
    "benchmarks/explore.html",
    "llms.txt",
    "sw.js",
    ...["patterns", "tour", "levels", "guides", "api", "benchmarks"].map((folder) => `${folder}/index.html`),
    ...patterns.map(({ name }) => `patterns/${name}.html`),
    ...chapters.map(({ name }) => `tour/${name}.html`),
    ...levels.map(({ name }) => `levels/${name}.html`),
    ...patterns.map(({ name }) => `md/patterns/${name}.md`),
  ];
  equal(
    pages.filter((page) => !existsSync(join(dist, page))),
    [],
  );
  equal([patterns.length, chapters.length, levels.length], [24, 14, 12]);
});

await check("names in the guides lead to where the reference tells them, and every anchor of it is there", () => {
  const headings = new Map<string, Map<string, string>>();
  /** The headings of a page, by their anchors. */
  const headingsOf = (page: string): Map<string, string> => {
    let found = headings.get(page);
    if (found === undefined) {
      const text = readFileSync(join(dist, page), "utf8");
      const all = text.matchAll(/<h\d id="([^"]+)"[^>]*>([^<]*)/g);
      headings.set(page, (found = new Map([...all].map(([, id = "", said = ""]) => [id, said.trim()]))));
    }
    return found;
  };
  const missing: string[] = [];
  const led = new Map<string, string>();
  for (const folder of ["guides", "api"]) {
    for (const file of readdirSync(join(dist, folder)).filter((name) => name.endsWith(".html"))) {
      const text = readFileSync(join(dist, folder, file), "utf8");
      for (const [, href = "", said = ""] of text.matchAll(
        /<a href="(?!https?:)([^"]*#[^"]+)"[^>]*>(?:<code[^>]*>)?([^<]*)/g,
      )) {
        const [path = "", hash = ""] = href.split("#");
        const page = path === "" ? `${folder}/${file}` : posix.join(folder, path).replace(/\/$/, "/index.html");
        // What leads over the menu is another's.
        if (!page.startsWith("api/") || hash === "VPContent") continue;
        const heading = existsSync(join(dist, page)) ? headingsOf(page).get(decodeURIComponent(hash)) : undefined;
        if (heading === undefined) missing.push(`${folder}/${file}: ${href}`);
        else if (folder === "guides") led.set(`${file} ${said}`, `${page} ${heading}`);
      }
    }
  }
  equal(missing.slice(0, 20), [], `${missing.length} anchors are missing`);
  const wanted: [string, string][] = [
    ["porting.html errors.result", "api/errors.html result()"],
    ["porting.html trySend", "api/chan.html trySend"],
    ["porting.html time.nanoseconds(d)", "api/golib-time.html nanoseconds()"],
    ["cancel-real-work.html context.canceled", "api/context.html canceled"],
    ["cancel-real-work.html http.fetchHandler", "api/http/index.html fetchHandler()"],
    ["exploring.html explore.all(f)", "api/explore.html all"],
    ["databases.html ctx.err()", "api/gocsp.html err()"],
  ];
  equal(
    wanted.map(([from]) => [from, led.get(from)]),
    wanted,
  );
  holds(led.size > 120, `${led.size} names are linked`);
});

await check("whoever waits for the engine is given up by the next one, by a stop, and by a close", async () => {
  // There is no page here: none may be touched.
  Object.assign(globalThis, { removeEventListener: () => undefined });
  const engines: ((text: string) => void)[] = [];
  const sandbox = new Sandbox(() => new Promise((resolve) => engines.push(resolve)));
  const run = { type: "run", seed: 1, source: "" } as const;
  // Nobody has a run that this could go on with.
  const asked = [sandbox.ask({ type: "choose", choice: 0 }), sandbox.ask(run), sandbox.ask(run)];
  sandbox.stop(new GivenUp());
  asked.push(sandbox.ask(run));
  sandbox.close();
  asked.push(sandbox.ask(run));
  const settled = Promise.allSettled(asked);
  for (const resolve of engines) resolve("");
  equal(
    (await settled).map((one) => one.status === "rejected" && one.reason instanceof GivenUp),
    [true, true, true, true, true],
  );
});

const executablePath = findChromium();
if (executablePath === undefined) {
  const reason = "there is no Chromium: install the package chromium";
  if (process.env["GOCSP_REQUIRE_SERVERS"] === "1") await check("a browser is there", () => holds(false, reason));
  else skip("the site in a browser", reason);
} else {
  await inBrowser(executablePath);
}
finish();

async function inBrowser(executablePath: string): Promise<void> {
  const base = "/some/where/";
  const server = serve(dist, base);
  const asked: string[] = [];
  server.on("request", ({ url }: { url?: string }) => asked.push(url ?? ""));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = (path: string): string => `${origin}${base}${path}`;
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  });
  /** What went wrong on any page: errors, failed requests, other hosts. */
  const wrong: string[] = [];
  const watched = (page: Page): Page => {
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(`${page.url()}: ${message.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !/^(data|blob|about):/.test(request.url()))
        wrong.push(`asks ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
    });
    return page;
  };
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: "block" });
  const page = watched(await context.newPage());

  /** Opens the playground with a program. */
  const open = async (code: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(url(`playground.html#${fragment({ code })}`));
    // All lines: the draft of an earlier check, which is shown first, may have some of them.
    await page.waitForFunction(
      (lines) => lines.every((line) => document.querySelector(".editor")?.textContent?.includes(line)),
      code.split("\n").map((line) => line.trim()),
    );
  };
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText();
  const printed = (within = ""): Promise<string[]> =>
    page.locator(`${within} .console li button`).evaluateAll((buttons) =>
      buttons.map((button) =>
        [...button.childNodes]
          .filter((node) => node.nodeType === 3)
          .map((node) => node.textContent)
          .join(""),
      ),
    );
  const atEnd = async (within: string): Promise<void> => {
    await page.waitForSelector(`${within} .scrub:not([disabled])`);
    await page.locator(`${within} .scrub`).evaluate((input: HTMLInputElement) => {
      input.value = input.max;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.waitForSelector(`${within} .outcome`);
  };

  try {
    const groups = {
      everyPattern,
      stepBack,
      scheduling,
      links,
      hostile,
      signs,
      hints,
      long,
      lessons,
      offline,
      sizes,
      accessible,
    };
    // SITE_ONLY=links,hostile runs some of them.
    const only = process.env["SITE_ONLY"]?.split(",");
    for (const [name, group] of Object.entries(groups)) if (only?.includes(name) !== false) await group();
    await check("no page has asked another host, failed to load anything, or thrown", () =>
      equal([...new Set(wrong)], []),
    );
  } finally {
    await browser.close();
    server.close();
  }

  /** Whether goroutines are drawn: each a row of marks, or many on a canvas. */
  async function hasLanes(within: Locator): Promise<boolean> {
    if ((await within.locator(".lanes .segment").count()) > 0) return true;
    return within.locator(".crowd canvas").evaluateAll((found) =>
      (found as HTMLCanvasElement[]).some(
        (one) =>
          one
            .getContext("2d")
            ?.getImageData(0, 0, one.width, one.height)
            .data.some((byte) => byte !== 0) === true,
      ),
    );
  }

  async function everyPattern(): Promise<void> {
    for (const { name, twin, proof, staticOnly } of patterns) {
      await page.goto(url(`patterns/${name}.html`));
      if (staticOnly !== true) {
        await check(`patterns/${name}: runs, and prints what Go has printed`, async () => {
          await page.locator(".programs .run").click();
          const console = page.locator(".programs .tabs button", { hasText: "Console" });
          if ((await console.getAttribute("aria-pressed")) !== "true") await console.click();
          await atEnd(".programs");
          const recorded = readFileSync(join(root, "examples", name, "output.txt"), "utf8").trimEnd();
          equal((await printed(".programs")).join("\n"), recorded);
          holds(await hasLanes(page.locator(".programs")), "there are no lanes");
        });
      }
      await check(`patterns/${name}: its twin fails as the page says, and its repair is clean`, async () => {
        await page.locator(".twin .find").click();
        await page.waitForSelector(".twin .result.bad, .twin .result.good, .twin .result.error");
        const result = await text(".twin .result");
        await atEnd(".twin");
        const outcome = await text(".twin .outcome");
        holds(outcome.includes(twin.fails === "panic" ? "panic" : twin.fails), `${result}\n${outcome}`);
        holds(`${result}\n${outcome}`.includes(twin.says ?? ""), `${result}\n${outcome}`);
        await page.locator(".repair .prove-it").click();
        await page.waitForSelector(".repair .result", { timeout: 120_000 });
        const proved = await text(".repair .result");
        holds(proved.includes(proof.explored === "all" ? "there are no others" : "Clean in"), proved);
      });
    }
  }

  async function stepBack(): Promise<void> {
    await check("stepping forward to the end and back to the start shows the same pictures", async () => {
      await page.goto(url("patterns/worker-pool.html"));
      await page.locator(".programs .run").click();
      await atEnd(".programs");
      const box = page.locator(".programs .player");
      for (const view of ["Channels", "Contexts", "Waits-for", "Console", "Transcript"]) {
        const button = box.locator(".tabs button", { hasText: view });
        if ((await button.getAttribute("aria-pressed")) !== "true") await button.click();
      }
      await page.locator(".programs .controls button[aria-label='to the start']").click();
      const picture = (): Promise<string> => box.locator(".views").innerHTML();
      const pictures = [await picture()];
      for (let i = 0; i < 25; i++) {
        await box.locator("button.step").click();
        pictures.push(await picture());
      }
      for (let at = pictures.length - 2; at >= 0; at--) {
        await box.locator("button.back").click();
        equal(await picture(), pictures[at], `step ${at}`);
      }
      holds(new Set(pictures).size > 20, "the pictures do not differ");
    });
  }

  async function scheduling(): Promise<void> {
    await check("who is the scheduler decides who goes on, and can undo it", async () => {
      await open(race);
      await page.locator(".lead").click();
      await page.waitForSelector(".choices .choice");
      // Main starts both; then one of them is chosen, by mouse and by key.
      for (let i = 0; i < 6 && (await page.locator(".choices .choice").count()) < 2; i++) await choose(0);
      const offered = await page.locator(".choices .choice b").allInnerTexts();
      equal(offered.length, 2, "offered");
      const before = await text(".choices");
      await choose(1);
      await page.locator(".choices .undo").click();
      await page.waitForFunction(
        (before) => document.querySelector<HTMLElement>(".choices")?.innerText === before,
        before,
      );
      await page.locator(".player").focus();
      await page.keyboard.press("2");
      for (let i = 0; i < 30 && !(await page.locator(".outcome").isVisible()); i++) {
        await page.waitForSelector(".choices .choice:not([disabled]), .outcome");
        if (await page.locator(".outcome").isVisible()) break;
        await choose(0);
      }
      const first = (await printed()).join();
      equal(first, "b,a", "printed");
    });
    await check("keys that are faster than the engine choose once, and the run goes on", async () => {
      await open(race);
      await page.locator(".lead").click();
      await page.waitForSelector(".choices .choice");
      await page.locator(".player").evaluate((player) => {
        for (const key of ["1", "1", "ArrowLeft", "1"]) {
          player.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        }
      });
      for (let i = 0; i < 30; i++) {
        await page.waitForSelector(".choices .choice:not([disabled]), .outcome");
        if (await page.locator(".outcome").isVisible()) break;
        await choose(0);
      }
      equal((await printed()).toSorted(), ["a", "b"]);
    });
    await check("while a run is led its position is its end, whatever is pressed or clicked", async () => {
      await open(race);
      await page.locator(".lead").click();
      await page.waitForSelector(".choices .choice");
      for (let i = 0; i < 3; i++) await choose(0);
      if (!(await page.locator(".view.transcript").isVisible()))
        await page.locator(".tabs button", { hasText: "Transcript" }).click();
      const shown = async (): Promise<(string | null)[]> => [
        await page.locator(".scrub").inputValue(),
        await text(".transcript"),
        await text(".choices"),
        await page.locator(".play").getAttribute("aria-label"),
      ];
      const before = await shown();
      for (const key of ["Home", "ArrowRight", "End", "Space"]) {
        await page.locator(".player").focus();
        await page.keyboard.press(key);
        equal(await shown(), before, key);
      }
      // What has happened can be looked at: its line is shown, and nothing moves.
      const told = page.locator(".transcript li", { has: page.locator(".line") }).first();
      await told.locator("button").click();
      equal(await shown(), before, "a click");
      const looked = await told.locator(".line").innerText();
      const lit = await page.locator(".editor .cm-at-work").evaluate((line) => {
        return [...(line.parentElement?.children ?? [])].indexOf(line) + 1;
      });
      equal(`line ${lit}`, looked.trim());
      await page.locator(".player").focus();
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction(
        (before) => document.querySelector<HTMLElement>(".choices")?.innerText !== before,
        before[2],
      );
      equal(await page.locator(".lead").getAttribute("aria-pressed"), "true");
    });
    await check("who leads by keys keeps the focus", async () => {
      await open(race);
      await page.locator(".lead").focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(".choices .choice:not([disabled])");
      for (let i = 0; i < 12 && !(await page.locator(".outcome").isVisible()); i++) {
        const before = await page.locator(".choices").innerHTML();
        await page.keyboard.press("1");
        await page.waitForFunction(
          (before) =>
            document.querySelector(".choices")?.innerHTML !== before &&
            document.querySelector(".choices .choice[disabled]") === null,
          before,
        );
        await page.waitForFunction(() => document.activeElement?.closest(".player") !== null);
      }
      equal((await printed()).length, 2);
      // What was led to its end can be looked at, as every run.
      const told = await text(".now");
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      holds((await text(".now")) !== told, "nothing moves");
      await page.keyboard.press("End");
      equal(await text(".now"), told);
    });
    await check("a failing schedule is found while another run is led and has not ended", async () => {
      await open(lost);
      await page.locator(".lead").click();
      await page.waitForSelector(".choices .choice");
      await choose(0);
      await choose(0);
      await page.locator(".find").click();
      await page.waitForSelector(".result.bad");
      holds((await text(".result.bad")).includes("an update was lost"), await text(".result.bad"));
    });
    await check("a schedule that was found is what scheduling by hand shows, choice by choice", async () => {
      await open(lost);
      await page.locator(".find").click();
      await page.waitForSelector(".result.bad");
      await atEnd("");
      const failed = await text(".outcome");
      holds(failed.includes("an update was lost"), failed);
      holds((await page.locator(".turns li").count()) > 0, "no decisive step is told");
    });
  }

  async function choose(choice: number): Promise<void> {
    const before = await page.locator(".choices").innerHTML();
    await page.locator(".choices .choice").nth(choice).click();
    await page.waitForFunction(
      (before) =>
        document.querySelector(".choices")?.innerHTML !== before &&
        document.querySelector(".choices .choice[disabled]") === null,
      before,
    );
  }

  /** Types at the start of the program. */
  async function write(text: string): Promise<void> {
    await page.locator(".editor [role=textbox]").focus();
    await page.waitForSelector(".cm-content:focus");
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText(text);
  }

  async function links(): Promise<void> {
    await check("a link repeats a run bit by bit", async () => {
      await open(race);
      await page.locator(".run").click();
      await atEnd("");
      if (!(await page.locator(".view.transcript").isVisible()))
        await page.locator(".tabs button", { hasText: "Transcript" }).click();
      const told = await text(".transcript");
      await page.locator(".share").click();
      await page.waitForSelector("textarea.link");
      const link = await page.locator("textarea.link").inputValue();
      await page.goto("about:blank");
      await page.goto(link);
      await page.waitForSelector(".scrub:not([disabled])");
      await atEnd("");
      equal(await text(".transcript"), told);
    });
    await check("a pattern's program is opened with its twin in Go beside it", async () => {
      await page.goto(url("patterns/worker-pool.html"));
      const link = page.locator(".programs a.open");
      await link.hover();
      await page.waitForFunction(() =>
        document.querySelector<HTMLAnchorElement>(".programs a.open")?.href.includes("#1."),
      );
      await link.click();
      await page.waitForSelector(".playground details.go");
      holds(
        (await page.locator(".playground details.go pre").textContent())?.includes("package main") === true,
        "no Go",
      );
      equal(await page.locator(".sample select").inputValue(), "worker-pool");
    });
    await check("the trace that is downloaded is the run, and its token repeats it", async () => {
      await open(lost);
      await page.locator(".find").click();
      await page.waitForSelector(".result.bad");
      await atEnd("");
      const events = Number(await page.locator(".scrub").getAttribute("max"));
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".download").click()]);
      equal(file.suggestedFilename(), "trace.json");
      const trace = JSON.parse(readFileSync(await file.path(), "utf8")) as {
        version: number;
        code: string;
        token: string;
        entries: { kind: string; goroutine: number; peer: number; line: number; sentence: string }[];
        outcome: { kind: string; message: string };
      };
      equal([trace.version, trace.code, trace.entries.length], [1, lost, events]);
      equal(trace.outcome.kind, "panic");
      holds(trace.outcome.message.includes("an update was lost"), trace.outcome.message);
      const started = trace.entries.filter(({ kind, peer }) => kind === "go" && peer > 1);
      equal(
        started.map(({ goroutine, peer, line, sentence }) => [goroutine, peer, line, sentence]),
        [
          [1, 2, 10, "goroutine 1 starts goroutine 2"],
          [1, 3, 11, "goroutine 1 starts goroutine 3"],
        ],
      );
      await page.goto("about:blank");
      await page.goto(url(`playground.html#${fragment({ code: trace.code, token: trace.token })}`));
      await page.waitForSelector(".scrub:not([disabled])");
      equal(Number(await page.locator(".scrub").getAttribute("max")), events);
      await atEnd("");
      holds((await text(".outcome")).includes("an update was lost"), await text(".outcome"));
    });
    await check("an edit forgets the run: a link holds no schedule of another text", async () => {
      await open(race);
      await page.locator(".run").click();
      await atEnd("");
      await page.locator(".share").click();
      await page.waitForSelector("textarea.link");
      await write("// edited\n");
      equal(
        [await page.locator("textarea.link").count(), await page.locator(".outcome").count()],
        [0, 0],
        "what is left of the run",
      );
      holds(await page.locator(".scrub").isDisabled(), "the recording is left");
      await page.locator(".share").click();
      await page.waitForSelector("textarea.link");
      const [, packed = ""] = (await page.locator("textarea.link").inputValue()).split("#1.");
      const shared = JSON.parse(inflateRawSync(Buffer.from(packed, "base64url")).toString()) as object;
      equal(Object.keys(shared).toSorted(), ["code", "views"]);
    });
    await check("choosing a program does not delete the draft", async () => {
      // What was typed before is a draft too.
      await page.evaluate(() => localStorage.clear());
      await page.goto("about:blank");
      await page.goto(url("playground.html"));
      await page.waitForSelector(".scrub:not([disabled])");
      await write("// my draft\n");
      await page.locator(".sample select").selectOption("ping-pong");
      await page.waitForFunction(() => document.querySelector(".go") !== null);
      holds(!(await text(".editor .cm-content")).includes("my draft"), "the program was not chosen");
      await page.locator(".sample select").selectOption("");
      await page.waitForFunction(() => document.querySelector(".editor")?.textContent?.includes("my draft"));
      await page.locator(".sample select").selectOption("ping-pong");
      await page.waitForFunction(() => document.querySelector(".go") !== null);
      await page.reload();
      await page.waitForFunction(() => document.querySelector(".editor")?.textContent?.includes("my draft"));
      await page.evaluate(() => localStorage.removeItem("gocsp.playground.draft"));
    });
    await check("an embedded playground shows the program and the views, and nothing else", async () => {
      await page.goto("about:blank");
      await page.goto(
        url(`playground.html?embed#${fragment({ code: race, seed: 1, views: ["lanes", "transcript"] })}`),
      );
      await page.waitForSelector(".view.transcript");
      for (const one of [".VPNav", ".view.console", ".sample", ".share", ".hints"])
        equal(await page.locator(one).isVisible(), false, one);
      holds(await page.locator(".actions a").isVisible(), "there is no way to the whole playground");
      equal(await page.locator(".editor [role=textbox]").getAttribute("aria-readonly"), "true");
    });
  }

  /** The page lives, and the next program runs. */
  async function nextRuns(): Promise<void> {
    await open(race);
    await page.locator(".run").click();
    await atEnd("");
    equal((await printed()).toSorted(), ["a", "b"]);
  }

  async function hostile(): Promise<void> {
    await check("the sandbox holds: no network, no page, no storage", async () => {
      await open(intruder.replaceAll("ORIGIN", origin));
      await page.locator(".run").click();
      await atEnd("");
      const lines = await printed();
      // Whatever was on its way would be there by now.
      await page.evaluate(() => fetch("llms.txt").then((response) => response.text()));
      equal(
        asked.filter((path) => path.includes("stolen")),
        [],
      );
      // What the browser says about each refusal is no fault of the page.
      for (let i = wrong.length - 1; i >= 0; i--) if (wrong[i]?.includes("stolen") === true) wrong.splice(i, 1);
      equal(
        lines.filter((line) => !line.endsWith(": refused")),
        [],
      );
      equal(lines.length, 8);
    });
    await check(
      "no other way leads out: no import, no second worker, no window, no message, nothing that is kept",
      async () => {
        await open(burglar.replaceAll("ORIGIN", origin));
        let dialogs = 0;
        page.on("dialog", (dialog) => {
          dialogs++;
          void dialog.dismiss();
        });
        await page.evaluate(() => {
          const scope = globalThis as unknown as { heard: unknown[] };
          scope.heard = [];
          new BroadcastChannel("stolen").addEventListener("message", ({ data }) => scope.heard.push(data));
        });
        const [before, pages] = [page.url(), context.pages().length];
        await page.locator(".run").click();
        await atEnd("");
        equal(await printed(), ["tried 20"]);
        await page.evaluate(() => fetch("llms.txt").then((response) => response.text()));
        equal(
          asked.filter((path) => path.includes("stolen")),
          [],
        );
        for (let i = wrong.length - 1; i >= 0; i--) if (wrong[i]?.includes("stolen") === true) wrong.splice(i, 1);
        equal([page.url(), context.pages().length, dialogs], [before, pages, 0], "what is seen");
        const left = await page.evaluate(async () => [
          (globalThis as unknown as { heard: unknown[] }).heard,
          sessionStorage.length,
          document.cookie,
          await caches.keys(),
        ]);
        equal(left, [[], 0, "", []], "what is left");
      },
    );
    await check("a program cannot say for the engine that no schedule fails", async () => {
      await open(forger);
      await page.locator(".run").click();
      await atEnd("");
      equal(await printed(), ["postMessage: undefined onmessage: null"]);
      await page.locator(".find").click();
      await page.waitForSelector(".result.bad, .result.good");
      holds((await text(".result.bad, .result.good")).includes("an update was lost"), await text(".result"));
    });
    await check("a loop without an await is ended within two seconds, with its line", async () => {
      await open('import { main } from "gocsp";\nmain(() => {\n  let n = 0;\n  for (;;) n++;\n});');
      await page.locator(".run").click();
      await page.waitForSelector(".result.error, .outcome", { timeout: 10_000 });
      const told = `${await page.locator(".result.error").allInnerTexts()} ${(await page.locator(".scrub").isEnabled()) ? (await atEnd(""), await text(".outcome")) : ""}`;
      holds(told.includes("line 4") && told.includes("no preemption"), told);
    });
    await check("a loop that swallows its end, or awaits nothing for ever, is ended too", async () => {
      await open(
        'import { main } from "gocsp";\nmain(async () => {\n  for (;;) {\n    try {\n      for (;;) await null;\n    } catch {}\n  }\n});',
      );
      await page.locator(".run").click();
      await page.waitForSelector(".result.error, .outcome", { timeout: 10_000 });
      await nextRuns();
    });
    await check("a bomb of goroutines is stopped with a sentence", async () => {
      await open(
        'import { go, main } from "gocsp";\nconst bomb = () => {\n  go(bomb);\n  go(bomb);\n};\nmain(() => bomb());',
      );
      await page.locator(".run").click();
      await page.waitForSelector(".scrub:not([disabled])", { timeout: 60_000 });
      await atEnd("");
      const told = await text(".outcome");
      holds(told.includes("more than 2000 goroutines"), told);
    });
    await check(
      "what no loop can be seen in is ended too: evaluated code, a pattern, a wait, a recursion",
      async () => {
        const programs: Record<string, string> = {
          evaluated: 'new Function("for (;;);")();',
          constructor: 'const f = (async () => {}).constructor as any; f("for (;;);")();',
          pattern: '/^(a+)+$/.test("a".repeat(60) + "b");',
          wait: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
          array: "Array.from({ length: 1e12 }, () => 1);",
          microtasks: "const again = (): void => queueMicrotask(again);\n  again();",
          wasm: "const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11];\n  (new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(code))).exports as any).f();",
          flood: "const { port1, port2 } = new MessageChannel();\n  for (;;) port1.postMessage(new ArrayBuffer(64));",
          text: 'let text = "x";\n  for (;;) text += text;',
          getter: "const o = { get x(): number { return o.x2; }, get x2(): number { for (;;); } };\n  o.x;",
        };
        for (const [name, line] of Object.entries(programs)) {
          await open(`import { main } from "gocsp";\nmain(() => {\n  ${line}\n});`);
          await page.locator(".run").click();
          await page.waitForSelector(".result.error, .outcome, .scrub:not([disabled])", { timeout: 10_000 });
          // A refusal is an end as well.
          if ((await page.locator(".result.error").count()) === 0) {
            await atEnd("");
            holds((await page.locator(".outcome.bad").count()) === 1, `${name}: ${await text(".outcome")}`);
          }
          holds(await page.locator(".run").isEnabled(), `${name}: it still runs`);
        }
        await nextRuns();
      },
    );
    await check("a bomb of memory ends itself, and not the page", async () => {
      await open(
        'import { main } from "gocsp";\nmain(() => {\n  const all: unknown[] = [];\n  for (;;) all.push(new Array(100_000).fill(all.length));\n});',
      );
      await page.locator(".run").click();
      await page.waitForSelector(".result.error, .outcome, .scrub:not([disabled])", { timeout: 30_000 });
      await nextRuns();
    });
    await check("the editor comes when it is needed, and what is written runs", async () => {
      await open(race);
      await page.locator(".editor .placeholder").focus();
      await page.waitForSelector(".cm-content:focus");
      await page.keyboard.press("Control+Home");
      await page.keyboard.insertText('console.log("typed");\n');
      await page.keyboard.press("Control+Enter");
      await atEnd("");
      equal((await printed())[0], "typed");
    });
    await check("a fault of syntax is told with its line", async () => {
      await open('import { main } from "gocsp";\nmain(() => {\n  const x = ;\n});');
      await page.locator(".run").click();
      await page.waitForSelector(".result.error");
      holds((await text(".result.error")).includes("line 3"), await text(".result.error"));
      holds((await page.locator(".cm-to-blame").count()) === 1, "the line is not marked");
    });
  }

  /** The page with another engine in the worker. */
  async function withEngine(code: string, then: (page: Page) => Promise<void>): Promise<void> {
    const other = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: "block" });
    const seen = watched(await other.newPage());
    await seen.route(/engine(-all)?\.js$/, (route) => route.fulfill({ contentType: "text/javascript", body: code }));
    await then(seen);
    await other.close();
  }

  async function signs(): Promise<void> {
    const opened = async (seen: Page): Promise<void> => {
      await seen.goto(url(`playground.html#${fragment({ code: race })}`));
      await seen.waitForSelector(".run:not([disabled])");
    };
    await check(
      "whoever gives signs of life may take longer than two seconds; who stops giving them is ended",
      async () => {
        const does = `if (data.type !== "explore") return;
        const began = Date.now();
        let runs = 0;
        const timer = setInterval(() => {
          post({ type: "alive", runs: ++runs });
          if (Date.now() - began < 4000) return;
          clearInterval(timer);
          if (data.runs === 3000) post({ type: "explored", explored: { runs, steps: 1, exhausted: false, failure: undefined } });
        }, 100);`;
        await withEngine(engineThat(does), async (seen) => {
          await opened(seen);
          await seen.locator(".find").click();
          await seen.waitForSelector(".result.good, .result.error");
          const told = await seen.locator(".result").first().innerText();
          holds(told.includes("No failure in"), told);
        });
        await withEngine(engineThat(does.replace("data.runs === 3000", "false")), async (seen) => {
          await opened(seen);
          await seen.locator(".find").click();
          await seen.waitForSelector(".result.good, .result.error");
          const told = await seen.locator(".result").first().innerText();
          holds(told.includes("for two seconds it has not let the page go on"), told);
        });
      },
    );
    await check("a long exploration gives signs of life, and can be stopped", async () => {
      await open(`import { gosched, main, sync } from "gocsp";
main(async () => {
  const wg = new sync.WaitGroup();
  for (let n = 0; n < 12; n++) wg.go(async () => {
    for (let i = 0; i < 60; i++) await gosched();
  });
  await wg.wait();
});`);
      await page.locator(".find").click();
      const progress = page.locator(".progress progress");
      const first = await progress.getAttribute("value");
      await page.waitForFunction(
        (first) => Number(document.querySelector(".progress progress")?.getAttribute("value") ?? 0) > Number(first),
        first,
      );
      await page.locator(".stop").click();
      await page.waitForSelector(".find:not([disabled])");
      equal(await page.locator(".result").count(), 0, "a result");
      await page.locator(".run").click();
      await page.waitForSelector(".scrub:not([disabled])");
    });
    await check("a flood of signs of life is not drawn", async () => {
      const flood = engineThat(`if (data.type !== "explore") return;
        for (let i = 1; i <= 50_000; i++) post({ type: "alive", runs: i });
        post({ type: "explored", explored: { runs: 7, steps: 1, exhausted: true, failure: undefined } });`);
      await withEngine(flood, async (seen) => {
        await opened(seen);
        await seen.evaluate(() => {
          const scope = globalThis as unknown as { drawn: number };
          scope.drawn = 0;
          new MutationObserver((changes) => {
            for (const { target } of changes) {
              const of = target instanceof Element ? target : target.parentElement;
              if (of?.closest(".progress") !== null) scope.drawn++;
            }
          }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        });
        await seen.locator(".find").click();
        await seen.waitForSelector(".result.good");
        const drawn = await seen.evaluate(() => (globalThis as unknown as { drawn: number }).drawn);
        holds(drawn < 2000, `${drawn} changes`);
      });
    });
    await check("what is no answer is refused: the page draws nothing of it", async () => {
      const lies = [
        'post({ type: "recording", recording: { ...recording, entries: [{ kind: {} }] } })',
        'post({ type: "recording", recording: { ...recording, entries: "many" } })',
        'post({ type: "explored", explored: { runs: 1, steps: 1, exhausted: true, failure: { kind: "none" } } })',
      ];
      for (const lie of lies) {
        await withEngine(engineThat(`if (data.type === "run") ${lie};`), async (seen) => {
          await opened(seen);
          await seen.locator(".run").click();
          await seen.waitForSelector(".result.error");
          const told = await seen.locator(".result.error").innerText();
          holds(/is no answer|has not let the page go on/.test(told), `${lie}: ${told}`);
          holds(await seen.locator(".scrub").isDisabled(), "something is shown");
        });
      }
    });
    await check("an engine that does not start is told after twenty seconds, and may be tried again", async () => {
      await withEngine("// It never says that it is ready.", async (seen) => {
        await seen.clock.install();
        await opened(seen);
        await seen.locator(".run").click();
        await seen.clock.runFor(10_000);
        equal(await seen.locator(".result.error").count(), 0, "after ten seconds");
        await seen.clock.runFor(11_000);
        await seen.waitForSelector(".result.error");
        const told = await seen.locator(".result.error").innerText();
        holds(told.includes("the engine does not start"), told);
        holds(await seen.locator(".run").isEnabled(), "it cannot be tried again");
      });
    });
    await check("an engine that throws at its start is told at once", async () => {
      await withEngine('throw new Error("no memory");', async (seen) => {
        await opened(seen);
        await seen.locator(".run").click();
        await seen.waitForSelector(".result.error");
        const told = await seen.locator(".result.error").innerText();
        holds(told.includes("no memory"), told);
      });
    });
  }

  async function hints(): Promise<void> {
    await check("type hints tell the type of a name, complete it, and mark what is wrong", async () => {
      await open(`${race}\nconst wrong: number = "text";\n`);
      await page.locator(".hints").click();
      await page.waitForSelector(".cm-content");
      // The compiler and the declarations are there when it has found the fault.
      await page.waitForSelector(".cm-lintRange-error", { timeout: 120_000 });
      equal(await text(".cm-lintRange-error"), "wrong");
      const name = page.locator(".cm-line", { hasText: "const ch = chan<string>" });
      await name.hover({ position: { x: 90, y: 8 } });
      await page.waitForSelector(".hint");
      const told = await text(".hint");
      holds(told.includes("ch: Chan<string>") || told.includes("chan<string>("), told);
      await page.mouse.move(5, 5);
      await page.locator(".cm-line", { hasText: "await ch.receive()" }).first().click();
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await page.keyboard.type("ch.rec");
      await page.waitForSelector(".cm-tooltip-autocomplete li");
      const offered = await page.locator(".cm-tooltip-autocomplete li").allInnerTexts();
      holds(
        offered.some((one) => one.trim().endsWith("receive")),
        offered.join(),
      );
      holds(
        offered.some((one) => one.trim().endsWith("receiveOk")),
        offered.join(),
      );
    });
  }

  async function long(): Promise<void> {
    const nodes = (within: string): Promise<number> =>
      page.locator(within).evaluate((box) => box.querySelectorAll("*").length);
    const goTo = async (share: number): Promise<void> => {
      await page.locator(".scrub").evaluate((input: HTMLInputElement, share) => {
        input.value = String(Math.round(Number(input.max) * share));
        input.dispatchEvent(new Event("input", { bubbles: true }));
        return new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
      }, share);
      // What is out of the window is drawn when the movement has ended.
      await page.waitForSelector(".views[aria-busy=false]");
    };
    const openAll = async (): Promise<void> => {
      for (const button of await page.locator(".tabs button").all())
        if ((await button.getAttribute("aria-pressed")) !== "true") await button.click();
    };
    await check(
      "30 goroutines and 5,000 events: only what is seen is drawn, the whole run on a canvas, once",
      async () => {
        await open(crowd);
        await page.locator(".run").click();
        await page.waitForSelector(".scrub:not([disabled])");
        holds(Number(await page.locator(".scrub").getAttribute("max")) >= 5000, "too few events");
        await openAll();
        await goTo(1);
        equal(await page.locator(".lanes .name").count(), 30, "lanes");
        // Whoever draws sets the size of the canvas.
        await page.locator(".overview canvas").evaluate((canvas) => {
          const scope = globalThis as unknown as { painted: number };
          scope.painted = 0;
          new MutationObserver(() => scope.painted++).observe(canvas, { attributes: true });
        });
        const drawn: number[] = [];
        for (let at = 1; at >= 0; at -= 0.05) {
          await goTo(at);
          drawn.push(await nodes(".views"));
        }
        holds(Math.max(...drawn) < 3500, `${Math.max(...drawn)} elements`);
        // The transcript may have been scrolled; what is in it is the same.
        const pictures: string[] = [];
        for (const at of [0.37, 0.9, 0.37]) {
          await goTo(at);
          const drawn = await page.locator(".crowd canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
          pictures.push((await page.locator(".views").innerHTML()) + drawn);
        }
        equal(pictures[2], pictures[0], "the picture at one position");
        holds(pictures[1] !== pictures[0], "the pictures do not differ");
        equal(await page.evaluate(() => (globalThis as unknown as { painted: number }).painted), 0, "painted again");
        const dots = await page.locator(".overview canvas").evaluate((canvas: HTMLCanvasElement) => {
          const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
            0,
            0,
            canvas.width,
            canvas.height,
          );
          const colours = new Set<string>();
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] === 255) colours.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
          return colours.size;
        });
        holds(dots >= 3, `${dots} colours on the strip`);
        // Times are told, not judged: the machine may have other work. The thread's own time waits for nobody.
        const cdp = await page.context().newCDPSession(page);
        await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
        const worked = async (): Promise<number> => {
          const { metrics } = await cdp.send("Performance.getMetrics");
          return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
        };
        const before = await worked();
        const times = await page.locator(".scrub").evaluate(async (input: HTMLInputElement) => {
          const found: number[] = [];
          let last = performance.now();
          for (let i = 1; i <= 120; i++) {
            input.value = String(Math.round((Number(input.max) * i) / 120));
            input.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const now = performance.now();
            found.push(now - last);
            last = now;
          }
          return found.toSorted((a, b) => a - b);
        });
        const own = (await worked()) - before;
        await cdp.detach();
        const ms = (time = 0): string => `${time.toFixed(1)} ms`;
        console.log(`      ${Math.max(...drawn)} elements at most, in all views`);
        console.log(
          `      a scrub by 40 events: ${ms(own / times.length)} of the thread, half of the frames within ${ms(times[60])}`,
        );
      },
    );
    await check("the transcript stays at its end, below its title", async () => {
      await goTo(0.6);
      const seen = await page.locator(".transcript[data-view]").evaluate((list) => {
        const [box, last] = [
          list.getBoundingClientRect(),
          [...list.querySelectorAll("li")].at(-1)?.getBoundingClientRect(),
        ];
        const title = list.closest(".view")?.querySelector(".view-title")?.getBoundingClientRect();
        return [
          (last?.bottom ?? 0) <= box.bottom + 1,
          (last?.top ?? 0) >= box.top,
          (title?.bottom ?? 0) <= box.top + 1,
        ];
      });
      equal(seen, [true, true, true], "the last is above the end, below the begin, the title above all");
    });
    await check("the strip is a way to go: a click shows what was there", async () => {
      const strip = page.locator(".overview");
      const { width, height } = (await strip.boundingBox()) as { width: number; height: number };
      await strip.click({ position: { x: width / 4, y: height / 2 } });
      const at = await page
        .locator(".scrub")
        .evaluate((input: HTMLInputElement) => Number(input.value) / Number(input.max));
      holds(at > 0.2 && at < 0.3, `${at}`);
    });
    await check("hundreds of goroutines, channels and contexts are counted, and those at work are drawn", async () => {
      await open(many);
      await page.locator(".run").click();
      await page.waitForSelector(".scrub:not([disabled])");
      await openAll();
      const drawn: number[] = [];
      for (const at of [0.3, 0.6, 0.8, 1]) {
        await goTo(at);
        drawn.push(await nodes(".views"));
        const working = page.locator(".lanes .name.current");
        if ((await working.count()) > 0) holds(await working.first().isVisible(), "who is at work is not seen");
      }
      holds(Math.max(...drawn) < 6000, `${Math.max(...drawn)} elements`);
      holds((await page.locator(".lanes .name").count()) < 60, "all lanes are drawn");
    });
  }

  async function lessons(): Promise<void> {
    const [chapter] = chapters;
    const [level] = levels;
    await check("a chapter's task is refused as it is given, and its solution is proved", async () => {
      await page.goto(url(`tour/${chapter?.name}.html`));
      await page.locator(".exercise .prove-it").click();
      await page.waitForSelector(".exercise .prove .result.bad");
      await page.locator(".exercise .solution").click();
      await page.locator(".exercise .prove-it").click();
      await page.waitForSelector(".exercise .prove .result.good");
    });
    await check(
      "a chapter's picture is beside its program where there is room, and below it where there is none",
      async () => {
        for (const [width, beside] of [
          [1600, true],
          [800, false],
        ] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(url("tour/select.html"));
          const [code, player] = [
            await page.locator(".program .side").boundingBox(),
            await page.locator(".program .player").boundingBox(),
          ];
          equal((player?.x ?? 0) > (code?.x ?? 0) + (code?.width ?? 0), beside, `${width} px`);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
      },
    );
    await check("each chapter's program is there in Go too", async () => {
      for (const { name } of chapters) {
        const shown = readFileSync(join(dist, "tour", `${name}.html`), "utf8");
        holds(/The same in Go[\s\S]*language-go/.test(shown), name);
      }
    });
    await check("a check of what was edited meanwhile says nothing", async () => {
      await page.goto(url(`tour/${chapter?.name}.html`));
      await page.locator(".exercise .solution").click();
      await page.waitForSelector(".exercise .prove-it:not([disabled])");
      await page.locator(".exercise").evaluate((box) => {
        const buttons = [...box.querySelectorAll("button")];
        buttons.find((button) => button.classList.contains("prove-it"))?.click();
        buttons.find((button) => button.textContent === "Start again")?.click();
      });
      await page.waitForSelector(".exercise .prove-it:not([disabled])");
      equal(await page.locator(".exercise .prove .result, .exercise .done").count(), 0, "results");
      await page.locator(".exercise .prove-it").click();
      await page.waitForSelector(".exercise .prove .result.bad");
    });
    await check("a level offers choices from its first step, and its solution is proved", async () => {
      await page.goto(url(`levels/${level?.name}.html`));
      await page.locator(".schedule .begin").click();
      await page.waitForSelector(".schedule .choices .choice");
      await page.locator(".exercise .solution").click();
      await page.locator(".exercise .prove-it").click();
      await page.waitForSelector(".exercise .prove .result.good");
    });
    await check("the home page's picture is in the first screen and moves by itself", async () => {
      await page.goto(url("index.html"));
      await page.waitForSelector(".live .segment");
      const box = await page.locator(".live .lanes svg").boundingBox();
      holds((box?.y ?? 900) + (box?.height ?? 0) <= 900, `it ends at ${(box?.y ?? 0) + (box?.height ?? 0)} px`);
      const moment = (): Promise<string> => page.locator(".live .lanes svg").innerHTML();
      const first = await moment();
      await page.waitForFunction((first) => document.querySelector(".live .lanes svg")?.innerHTML !== first, first);
      // On a phone it comes before the program.
      await page.setViewportSize({ width: 360, height: 740 });
      const [picture, code] = [
        await page.locator(".live .picture").boundingBox(),
        await page.locator(".live .side").boundingBox(),
      ];
      holds((picture?.y ?? 0) < (code?.y ?? 0), "the program hides the picture");
      await page.setViewportSize({ width: 1280, height: 900 });
    });
    await check("the runs that the home page begins with are what the engine makes of its program", async () => {
      const source = readFileSync(join(site, "content", "home.ts"), "utf8").trimEnd();
      const recorded = JSON.parse(readFileSync(join(site, ".generated", "home.json"), "utf8")) as { seed: number }[];
      holds(recorded.length > 1, "there is one run only");
      for (const run of recorded) {
        await page.goto("about:blank");
        await page.goto(url(`playground.html#${fragment({ code: source, seed: run.seed })}`));
        await page.waitForSelector(".scrub:not([disabled])");
        const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".download").click()]);
        const { version, code, ...made } = JSON.parse(readFileSync(await file.path(), "utf8")) as {
          version: number;
          code: string;
        };
        equal([version, code], [1, source]);
        equal(made, run);
      }
    });
    await check("search finds a page by its text", async () => {
      await page.goto(url("index.html"));
      await page.locator("#local-search button").click();
      await page.locator(".search-input").fill("philosophers");
      await page.waitForSelector(".results .result");
      holds((await page.locator(".results").innerText()).toLowerCase().includes("philosophers"), "not found");
      // Lessons come before what refers to them.
      await page.locator(".search-input").fill("deadlock");
      await page.waitForFunction(
        () => document.querySelector(".results .result mark")?.textContent?.toLowerCase() === "deadlock",
      );
      const [first = ""] = await page
        .locator(".results .result")
        .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
      holds(/\/(tour|patterns|levels)\//.test(first), first);
    });
  }

  async function offline(): Promise<void> {
    await check("the site works without a network, once it was loaded", async () => {
      const kept = await browser.newContext();
      const away = await kept.newPage();
      await away.goto(url("index.html"));
      await away.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await away.waitForFunction(
        async () =>
          (await caches.keys()).length > 0 &&
          (await (await caches.open((await caches.keys())[0] as string)).keys()).length > 100,
        undefined,
        { timeout: 60_000 },
      );
      // What is not kept comes from the server, pages too; a folder is found without its slash.
      const missing = await away.goto(url("deep/down/nothing.html"));
      equal([missing?.status(), await away.locator("h1").innerText()], [404, "Not found"]);
      await away.goto(url("patterns"));
      equal(new URL(away.url()).pathname, `${base}patterns/`);
      const names = await away.evaluate(() => caches.keys());
      equal(
        names.filter((name) => !name.includes(encodeURIComponent(base))),
        [],
        "stores without the path",
      );
      await kept.setOffline(true);
      await away.goto(url("patterns/fan-in.html"));
      await away.locator(".programs .run").click();
      await away.waitForSelector(".programs .lanes .segment");
      const failed: string[] = [];
      // What was fetched ahead is given up when the page is left.
      away.on("requestfailed", (request) => {
        if (request.failure()?.errorText !== "net::ERR_ABORTED") failed.push(request.url());
      });
      const kinds = ["index.html", "tour/index.html", "tour/select.html", "levels/lost-update.html", "teaching.html"];
      kinds.push("guides/porting.html", "api/chan.html", "benchmarks/index.html", "comparison.html");
      for (const path of kinds) {
        await away.goto(url(path));
        await away.waitForSelector("h1");
      }
      await away.locator("#local-search button").click();
      await away.locator(".search-input").fill("philosophers");
      await away.waitForSelector(".results .result");
      await away.goto(url(`playground.html#${fragment({ code: lost })}`));
      await away.locator(".find").click();
      await away.waitForSelector(".result.bad");
      // Programs that import more than the core have another engine.
      await away.goto("about:blank");
      const more =
        'import { main } from "gocsp";\nimport * as topic from "gocsp/topic";\nmain(() => console.log(typeof topic.memory));';
      await away.goto(url(`playground.html#${fragment({ code: more, seed: 1 })}`));
      await away.waitForSelector(".scrub:not([disabled])");
      equal(failed, [], "requests that failed");
      await kept.close();
    });
  }

  async function sizes(): Promise<void> {
    await check("the first load of the playground is at most 300 KB, compressed, type hints apart", async () => {
      const fresh = await browser.newContext({ serviceWorkers: "block" });
      const first = await fresh.newPage();
      const loaded = new Set<string>();
      first.on("response", (response) => loaded.add(new URL(response.url()).pathname));
      await first.goto(url("playground.html"));
      await first.locator(".run").click();
      await first.waitForSelector(".scrub:not([disabled])");
      await fresh.close();
      let bytes = 0;
      const parts: string[] = [];
      for (const path of loaded) {
        const file = join(dist, decodeURIComponent(path.slice(base.length)));
        if (!existsSync(file)) continue;
        const { length } = gzipSync(readFileSync(file), { level: 9 });
        bytes += length;
        parts.push(`${length} ${path.slice(base.length)}`);
      }
      holds(![...loaded].some((path) => path.includes("hints.")), "the type hints are loaded");
      holds(bytes > 100_000, "nothing was measured");
      holds(bytes <= 300_000, `${bytes} bytes:\n${parts.toSorted().join("\n")}`);
      console.log(`      ${Math.round(bytes / 1000)} KB`);
    });
  }

  async function accessible(): Promise<void> {
    const axe = readFileSync(join(site, "node_modules", "axe-core", "axe.min.js"), "utf8");
    const run = async (seen: Page): Promise<void> => {
      await seen.locator(".run").first().click();
      await seen.waitForSelector(".scrub:not([disabled])");
      // What is out of the window is drawn when nothing moves any more.
      await seen.locator(".lanes").first().scrollIntoViewIfNeeded();
      await seen.waitForSelector(".segment, .crowd canvas");
    };
    const all = ["lanes", "channels", "contexts", "waits", "console", "transcript"];
    /** Each kind of page, and what makes it show more than it does at first. */
    const kinds: readonly (readonly [path: string, state?: string, prepare?: (seen: Page) => Promise<void>])[] = [
      ["index.html"],
      [
        "index.html",
        "search",
        async (seen) => {
          await seen.locator("#local-search button").click();
          await seen.locator(".search-input").fill("deadlock");
          await seen.waitForSelector(".results .result");
        },
      ],
      ["playground.html", "a run", run],
      [`playground.html#${fragment({ code: crowd, views: all })}`, "30 goroutines in all views", run],
      [`playground.html#${fragment({ code: many, views: all })}`, "400 goroutines in all views", run],
      [
        `playground.html#${fragment({ code: lost, views: all })}`,
        "a failing schedule in all views",
        async (seen) => {
          await seen.locator(".find").click();
          await seen.waitForSelector(".result.bad");
          await seen.locator(".player").focus();
          await seen.keyboard.press("End");
          await seen.waitForSelector(".outcome");
        },
      ],
      [
        `playground.html#${fragment({ code: lost, views: all })}`,
        "who is the scheduler",
        async (seen) => {
          await seen.locator(".lead").click();
          for (let i = 0; i < 3; i++) {
            await seen.locator(".choices .choice:not([disabled])").first().click();
            await seen.waitForSelector(".choices .choice:not([disabled])");
          }
        },
      ],
      [
        `playground.html?embed#${fragment({ code: race, seed: 1, views: all })}`,
        "embedded",
        async (seen) => void (await seen.waitForSelector(".segment")),
      ],
      ["patterns/index.html"],
      ["patterns/fan-in.html", "a run", run],
      [`tour/${chapters[0]?.name}.html`],
      [`levels/${levels[0]?.name}.html`],
      ["guides/testing.html"],
      ["api/chan.html"],
      ["benchmarks/index.html"],
      ["teaching.html"],
      ["comparison.html"],
    ];
    for (const colorScheme of ["light", "dark"] as const) {
      const scheme = await browser.newContext({
        colorScheme,
        reducedMotion: "reduce",
        viewport: { width: 1280, height: 900 },
        serviceWorkers: "block",
      });
      const seen = watched(await scheme.newPage());
      for (const [path, state, prepare] of kinds) {
        const [shown] = path.split(/[?#]/);
        await check(
          `axe finds nothing in ${shown}${state === undefined ? "" : `: ${state}`}, ${colorScheme}`,
          async () => {
            await seen.goto("about:blank");
            await seen.goto(url(path));
            await prepare?.(seen);
            await seen.evaluate(axe);
            const found = await seen.evaluate(async () => {
              const { axe } = globalThis as unknown as {
                axe: {
                  run(): Promise<{
                    violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[];
                  }>;
                };
              };
              const { violations } = await axe.run();
              return violations.map(
                ({ id, nodes }) =>
                  `${id}: ${nodes
                    .slice(0, 3)
                    .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`)
                    .join(" | ")}`,
              );
            });
            equal(found, []);
          },
        );
      }
      await scheme.close();
    }
    await check("nothing is wider than a phone", async () => {
      const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: "block" });
      const small = watched(await phone.newPage());
      for (const [path, state, prepare] of kinds) {
        await small.goto("about:blank");
        await small.goto(url(path));
        await prepare?.(small);
        const width = await small.evaluate(() => document.documentElement.scrollWidth);
        holds(width <= 360, `${path.split("#")[0]} (${state ?? "as it is"}) is ${width} px wide`);
      }
      await phone.close();
    });
    await check(
      "every control of the playground is reached by Tab, in the order of the page, and shows it",
      async () => {
        await open(race);
        await page.locator(".run").click();
        await atEnd("");
        const reached = await page.evaluate(() => {
          const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
          const visible = [...document.querySelectorAll<HTMLElement>(all)].filter(
            (one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled, [tabindex='-1'] *"),
          );
          for (const [i, one] of visible.entries()) one.dataset["reached"] = String(i);
          // Where Tab goes on from: a click has moved that.
          visible[0]?.focus();
          return visible.length;
        });
        const found = [0];
        const unseen: string[] = [];
        for (let i = 0; i < reached + 20 && found.at(-1) !== reached - 1; i++) {
          await page.keyboard.press("Tab");
          const at = await page.evaluate(() => {
            const one = document.activeElement as HTMLElement;
            // The editor shows it around all of itself.
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one.closest(".cm-editor") ?? one);
            const seen = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
            return { number: Number(one.dataset["reached"] ?? -1), seen, html: one.outerHTML.slice(0, 120) };
          });
          if (at.number >= 0) found.push(at.number);
          if (!at.seen) unseen.push(at.html);
        }
        equal(
          found,
          found.toSorted((a, b) => a - b),
          "the order",
        );
        const missed = Array.from({ length: reached }, (_, i) => i).filter((i) => !found.includes(i));
        equal(
          await page.evaluate(
            (numbers) => numbers.map((i) => document.querySelector(`[data-reached="${i}"]`)?.outerHTML.slice(0, 120)),
            missed,
          ),
          [],
          "what is not reached",
        );
        equal(unseen, [], "whose focus is not seen");
      },
    );
    await check("the keyboard alone runs, steps and goes back", async () => {
      await open(race);
      await page.locator(".player").focus();
      await page.keyboard.press("Space");
      await page.waitForSelector(".scrub:not([disabled])");
      await page.locator(".player").focus();
      await page.keyboard.press("Home");
      const begun = await text(".now");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      holds((await text(".now")) !== begun, "nothing moves");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      equal(await text(".now"), begun);
    });
  }
}

/** As client/link.ts writes it, without a page. */
