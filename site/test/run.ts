// Builds the site, and tests it in headless Chromium as it is served: below a path, without another host.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { deflateRawSync, gzipSync, inflateRawSync } from "node:zlib";
import type { Page } from "playwright-core";
import { check, finish, skip } from "../../scripts/checks.ts";
import { GivenUp, Sandbox } from "../client/sandbox.ts";
import { chapters } from "../content/chapters.ts";
import { levels } from "../content/levels.ts";
import { patterns } from "../content/patterns.ts";
import { prepareSite } from "../scripts/start.ts";

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

/** A program that says for the engine what the engine has not said. */
const forger = `${lost}
const scope = globalThis as any;
const easy = { type: "explore", all: true, runs: 9, seed: 1, source: 'import { main } from "gocsp";\\nmain(() => undefined);' };
scope.postMessage?.({ type: "explored", explored: { runs: 9, steps: 9, exhausted: true, failure: undefined } });
for (let i = 0; i < 100_000; i++) scope.postMessage?.({ type: "alive", runs: i });
scope.onmessage?.({ data: easy });
scope.dispatchEvent(new MessageEvent("message", { data: easy }));
console.log("postMessage: " + typeof scope.postMessage, "onmessage: " + String(scope.onmessage));`;

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

function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

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
    const groups = { everyPattern, stepBack, scheduling, links, hostile, lessons, offline, sizes, accessible };
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
          holds((await page.locator(".programs .lanes .segment").count()) > 0, "there are no lanes");
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
      equal(
        [await page.locator(".VPNav").isVisible(), await page.locator(".view.console").isVisible()],
        [false, false],
      );
      equal(await page.locator(".editor [role=textbox]").getAttribute("aria-readonly"), "true");
    });
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
      // The page lives, and the next program runs.
      await open(race);
      await page.locator(".run").click();
      await atEnd("");
      equal((await printed()).toSorted(), ["a", "b"]);
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
    await check("search finds a page by its text", async () => {
      await page.goto(url("index.html"));
      await page.locator("#local-search button").click();
      await page.locator(".search-input").fill("philosophers");
      await page.waitForSelector(".results .result");
      holds((await page.locator(".results").innerText()).toLowerCase().includes("philosophers"), "not found");
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
    const kinds = [
      "index.html",
      "playground.html",
      "patterns/index.html",
      "patterns/fan-in.html",
      `tour/${chapters[0]?.name}.html`,
      `levels/${levels[0]?.name}.html`,
      "guides/testing.html",
      "api/chan.html",
      "benchmarks/index.html",
      "teaching.html",
    ];
    for (const colorScheme of ["light", "dark"] as const) {
      const scheme = await browser.newContext({
        colorScheme,
        reducedMotion: "reduce",
        viewport: { width: 1280, height: 900 },
        serviceWorkers: "block",
      });
      const seen = watched(await scheme.newPage());
      for (const path of kinds) {
        await check(`axe finds nothing in ${path}, ${colorScheme}`, async () => {
          await seen.goto(url(path));
          if (path.startsWith("patterns/f") || path.startsWith("playground")) {
            await seen.locator(".run").first().click();
            await seen.waitForSelector(".scrub:not([disabled])");
            await seen.waitForSelector(".segment");
          }
          await seen.evaluate(axe);
          const found = await seen.evaluate(async () => {
            const { axe } = globalThis as unknown as {
              axe: {
                run(): Promise<{ violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[] }>;
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
        });
      }
      await scheme.close();
    }
    await check("nothing is wider than a phone", async () => {
      const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: "block" });
      const small = watched(await phone.newPage());
      for (const path of kinds) {
        await small.goto(url(path));
        const width = await small.evaluate(() => document.documentElement.scrollWidth);
        holds(width <= 360, `${path} is ${width} px wide`);
      }
      await phone.close();
    });
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
function fragment(shared: object): string {
  const packed = deflateRawSync(JSON.stringify(shared));
  return `1.${packed.toString("base64url")}`;
}
