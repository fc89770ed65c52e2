/**
 * How soon the built site can be used, and how smoothly a long run moves: `npm run bench:site` builds the site and writes
 * `bench/results/site.md`. For a quiet machine: the tests count what is drawn, and judge no times.
 */

import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { commit, machine } from "../../bench/harness/machine.ts";
import { median, quantile } from "../../bench/harness/stats.ts";
import { findChromium } from "../../test/runtimes/browser.ts";
import { prepareSite } from "../scripts/start.ts";
import { crowd, fragment } from "./programs.ts";

prepareSite();
const { chromium } = await import("playwright-core");
const { serve } = await import("../scripts/serve.ts");

const rounds = 9;
const site = join(import.meta.dirname, "..");

const executablePath = findChromium();
if (executablePath === undefined) throw new Error("there is no Chromium: install the package chromium");
const server = serve(join(site, ".vitepress", "dist"));
await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

/** Milliseconds from the request of a page, with nothing in the cache, until its program's picture is there. */
async function firstPicture(path: string, shown: string): Promise<number> {
  return fresh(browser, async (page) => {
    await page.goto(origin + path, { waitUntil: "commit" });
    await page.waitForSelector(shown);
    return page.evaluate(() => performance.now());
  });
}

/** Milliseconds from the request of the playground until a click on Run has its answer. */
async function firstRun(): Promise<number> {
  return fresh(browser, async (page) => {
    await page.goto(`${origin}playground.html#${fragment({ code: small })}`, { waitUntil: "commit" });
    // The button is in the page as it was built: what counts is when a click on it does something.
    return page.evaluate(async () => {
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (document.querySelector(".scrub:not([disabled])") !== null) return performance.now();
        document.querySelector<HTMLButtonElement>(".run:not([disabled])")?.click();
      }
    });
  });
}

const small = 'import { main } from "gocsp";\nmain(() => console.log("hello"));';

/** Plays a long run, and scrubs through it; milliseconds between frames. */
async function frames(views: readonly string[]): Promise<{ played: number[]; scrubbed: number[] }> {
  return fresh(browser, async (page) => {
    await page.goto(`${origin}playground.html#${fragment({ code: crowd, views })}`);
    await page.waitForFunction(() => document.querySelector(".editor")?.textContent?.includes("wg.wait"));
    await page.locator(".run").click();
    await page.waitForSelector(".scrub:not([disabled])");
    return page.evaluate(async () => {
      const scrub = document.querySelector<HTMLInputElement>(".scrub") as HTMLInputElement;
      const goTo = (position: number): void => {
        scrub.value = String(Math.round(position));
        scrub.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const between = async (count: number, each: (i: number) => void): Promise<number[]> => {
        const found: number[] = [];
        let last = await new Promise<number>(requestAnimationFrame);
        for (let i = 0; i < count; i++) {
          each(i);
          const now = await new Promise<number>(requestAnimationFrame);
          found.push(now - last);
          last = now;
        }
        return found;
      };
      const max = Number(scrub.max);
      const scrubbed = await between(240, (i) => goTo((max * (i + 1)) / 240));
      goTo(max / 2);
      const speed = document.querySelector<HTMLSelectElement>(".speed select") as HTMLSelectElement;
      speed.value = "4";
      speed.dispatchEvent(new Event("change", { bubbles: true }));
      document.querySelector<HTMLButtonElement>(".play")?.click();
      const played = await between(240, () => undefined);
      return { played, scrubbed };
    });
  });
}

async function fresh<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  try {
    return await use(page);
  } finally {
    await context.close();
  }
}

const times: [what: string, measure: () => Promise<number>][] = [
  ["home: the first picture", () => firstPicture("", ".live .segment")],
  ["playground: the first picture", () => firstPicture("playground.html", ".playground .segment")],
  ["playground: a click on Run is answered", firstRun],
];
const rows: string[] = [];
for (const [what, measure] of times) {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await measure());
  rows.push(`| ${what} | ${median(found).toFixed(0)} | ${Math.max(...found).toFixed(0)} |`);
}
const moving: string[] = [];
const all = ["lanes", "channels", "contexts", "waits", "console", "transcript"];
for (const views of [all.slice(0, 2).concat("console"), all]) {
  const { played, scrubbed } = await frames(views);
  for (const [what, found] of Object.entries({ "played at 4×": played, scrubbed })) {
    const late = found.filter((ms) => ms > 25).length / found.length;
    const ms = (q: number): string => quantile(found, q).toFixed(1);
    moving.push(`| ${what}, ${views.length} views | ${ms(0.5)} | ${ms(0.95)} | ${(100 * late).toFixed(0)} % |`);
  }
}
await browser.close();
server.close();

const { cpu, cores, memory, system } = machine();
writeFileSync(
  join(site, "..", "bench", "results", "site.md"),
  `# The site: how soon it can be used, and how smoothly it moves

Milliseconds from the request of a page, with an empty cache, in ${rounds} fresh browsers' contexts.

| | median | longest |
| --- | --: | --: |
${rows.join("\n")}

Milliseconds between two frames of a run with 30 goroutines and some 5,000 events, 240 frames each; late is a frame after more
than 25 ms, when one was left out. A scrub moves by some twenty events in each frame.

| | median | 95 % | late |
| --- | --: | --: | --: |
${moving.join("\n")}

Chromium ${browser.version()} without a graphics card; ${cpu}, ${cores} cores, ${memory}, ${system}, load ${loadavg()[0]?.toFixed(1)}; gocsp at ${commit()}.
\`npm run bench:site\`
`,
);
console.log([...rows, ...moving].join("\n"));
