// A cache that is filled once per key however many ask at the same time: the first one loads, the others wait for its
// result, as singleflight has it. A failure is shared by those who wait, and is not kept.
import { gosched, main, sync } from "gocsp";
import * as singleflight from "gocsp/singleflight";

class Cache {
  readonly #values = new Map<string, string>();
  readonly #calls = new singleflight.Group<string>();
  readonly #load: (key: string) => Promise<string>;

  constructor(load: (key: string) => Promise<string>) {
    this.#load = load;
  }

  async get(key: string): Promise<string> {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const [value] = await this.#calls.do(key, async () => {
      const loaded = await this.#load(key);
      this.#values.set(key, loaded);
      return loaded;
    });
    return value;
  }
}

main(async () => {
  const loads: Record<string, number> = {};
  let broken = true;
  const c = new Cache(async (key) => {
    loads[key] = (loads[key] ?? 0) + 1;
    await gosched();
    if (key === "moon" && broken) throw new Error("no moon tonight");
    return `the ${key}`;
  });

  const wg = new sync.WaitGroup();
  const answers = Array<string>(30);
  for (let i = 0; i < answers.length; i++) {
    wg.go(async () => {
      answers[i] = await c.get(["sun", "sea", "sky"][i % 3]!);
    });
  }
  await wg.wait();
  console.log(answers.length, answers[0], answers[1], answers[29]);
  console.log("loads:", loads["sun"], loads["sea"], loads["sky"]);

  try {
    await c.get("moon");
  } catch (err) {
    console.log((err as Error).message);
  }
  broken = false;
  console.log(await c.get("moon"), "<nil>");
  console.log(await c.get("moon"), loads["moon"]);
});
