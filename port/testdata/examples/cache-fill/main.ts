// A cache that is filled once per key however many ask at the same time: the first one loads, the others wait for its
// result, as singleflight has it. A failure is shared by those who wait, and is not kept.
import { type Chan, chan, main, nilChan, sync } from "gocsp";
import { nilMap } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

/** A call is a load that is under way. */
class Call {
  done: Chan<void> = nilChan();
  value = "";
  err: Error | undefined;

  constructor(init?: Partial<Call>) {
    Object.assign(this, init);
  }
}

class Cache {
  // mu: no section of this mutex waits, so nobody needs it here.
  values: Map<string, string> = nilMap();
  calls: Map<string, Call | undefined> = nilMap();
  load: ((key: string) => [string, Error | undefined]) | undefined;

  constructor(init?: Partial<Cache>) {
    Object.assign(this, init);
  }

  async get(key: string): Promise<[string, Error | undefined]> {
    const value = this.values.get(key) ?? "";
    const ok = this.values.has(key);
    if (ok) {
      return [value, undefined];
    }
    let running: Call | undefined = this.calls.get(key);
    const ok1 = this.calls.has(key);
    if (!ok1) {
      running = new Call({ done: chan<void>() });
      this.calls.set(key, running);
    }
    if (ok1) {
      await running!.done.receive();
      return [running!.value, running!.err];
    }
    [running!.value, running!.err] = this.load!(key);
    if (running!.err === undefined) {
      this.values.set(key, running!.value);
    }
    this.calls.delete(key);
    running!.done.close();
    return [running!.value, running!.err];
  }
}

main(async () => {
  // mu: no section of this mutex waits, so nobody needs it here.
  const loads = new Map<string, number>();
  let broken = true;
  const c = new Cache({ values: new Map<string, string>(), calls: new Map<string, Call | undefined>() });
  c.load = (key: string): [string, Error | undefined] => {
    loads.set(key, (loads.get(key) ?? 0) + 1);
    if (key === "moon" && broken) {
      return ["", new Error("no moon tonight")];
    }
    return ["the " + key, undefined];
  };

  const wg = new sync.WaitGroup();
  const answers = new Array<string>(30).fill("");
  for (const i of answers.keys()) {
    wg.go(async () => {
      [answers[i]] = await c.get(["sun", "sea", "sky"][i % 3]!);
    });
  }
  await wg.wait();
  console.log(answers.length, answers[0]!, answers[1]!, answers[29]!);
  console.log("loads:", loads.get("sun") ?? 0, loads.get("sea") ?? 0, loads.get("sky") ?? 0);

  const [, err] = await c.get("moon");
  fmt.println(err);
  broken = false;
  let [moon, err1] = await c.get("moon");
  fmt.println(moon, err1);
  [moon] = await c.get("moon");
  fmt.println(moon, loads.get("moon") ?? 0);
});
