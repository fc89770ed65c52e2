// The connection that listens, on a server that is scripted, in virtual time.
import { time } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import type { Connector } from "../../src/sql/driver/driver.ts";
import { type Hearing, Listening } from "../../src/topic/postgres/listening.ts";

/** What becomes of a connection: it is refused, it is dropped before it is heard, or it is lost so many milliseconds after. */
type Fate = "refused" | "dropped" | number;

/** Returns how long each attempt to connect came after the end of the one before, in milliseconds; the last one holds. */
async function pauses(fates: readonly Fate[]): Promise<number[]> {
  const all: number[] = [];
  let ended = time.now().getTime();
  let n = 0;
  let say: (payload: string) => void = () => undefined;
  const failure = (): Error => {
    ended = time.now().getTime();
    return new Error("lost");
  };
  const connector = {
    connect: async () => {
      all.push(time.now().getTime() - ended);
      const fate = fates[n++];
      if (fate === "refused") throw failure();
      let lose: () => void = () => undefined;
      return {
        hold: () => undefined,
        notify: (heard: (payload: string) => void, dead: () => void) => {
          say = heard;
          lose = dead;
        },
        query: async (_ctx: unknown, text: string) => {
          if (fate === "dropped") throw failure();
          if (text.startsWith("SELECT pg_try_advisory_lock") && fate !== undefined) {
            time.afterFunc(fate, () => {
              failure();
              lose();
            });
          }
          return { next: async () => [[true]], close: async () => undefined };
        },
        close: async () => undefined,
      };
    },
  } as unknown as Connector;
  const hearing: Hearing = {
    up: () => undefined,
    down: () => undefined,
    heard: () => undefined,
    say: async (payload) => say(payload),
    deaf: () => undefined,
  };
  const listening = new Listening(connector, "c", [1, 2], hearing);
  while (n <= fates.length) await time.sleep(time.second);
  await listening.close();
  return all.slice(1);
}

describe("a connection that is lost", () => {
  test("comes back at once after it was heard, however long the server was away before [P19]", async () => {
    await synctest.test(async () => {
      const outage = Array.from({ length: 12 }, (): Fate => "refused");
      const all = await pauses([...outage, 3 * time.hour, 3 * time.hour]);
      expect(all.length).toBe(14);
      expect(all[11]).toBeGreaterThanOrEqual(2500);
      for (const pause of all.slice(12)) expect(pause).toBeLessThanOrEqual(75);
    });
  });

  test("is asked for less and less often while the server takes it and drops it [P19]", async () => {
    await synctest.test(async () => {
      const all = await pauses(Array.from({ length: 12 }, (): Fate => "dropped"));
      all.forEach((pause, i) => expect(pause).toBeGreaterThanOrEqual(Math.min(25 * 2 ** i, 2500) - 1));
    });
  });
});
