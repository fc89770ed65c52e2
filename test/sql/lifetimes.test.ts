import { attach } from "gocsp/runtime";
import * as synctest from "gocsp/synctest";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { settle } from "../support/settle.ts";
import { background, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

/** A test in virtual time. It closes its database there, because the channels of a bubble are refused outside. */
function inBubble(title: string, f: (opened: ReturnType<typeof openFake>) => Promise<void>): void {
  test(title, () =>
    synctest.test(async () => {
      const opened = openFake();
      await f(opened);
      await opened.db.close();
    }),
  );
}

describe("the age of connections", () => {
  inBubble("an idle connection is closed when it is too old", async ({ fake, db }) => {
    db.setConnMaxLifetime(1000);
    await db.pingContext(background);
    await synctest.sleep(999);
    expect(fake.open.connections).toBe(1);
    await synctest.sleep(1);
    expect([fake.open.connections, db.stats().maxLifetimeClosed, db.stats().openConnections]).toEqual([0, 1, 0]);
  });

  inBubble("a connection that is too old is closed when it comes back, not before", async ({ fake, db }) => {
    db.setConnMaxLifetime(1000);
    const conn = await db.conn(background);
    await synctest.sleep(2000);
    await conn.execContext(background, "NOTHING");
    await conn.close();
    await synctest.wait();
    expect([fake.open.connections, db.stats().maxLifetimeClosed]).toEqual([0, 1]);
  });

  inBubble("a use does not make a connection younger", async ({ fake, db }) => {
    db.setConnMaxLifetime(1000);
    for (let i = 0; i < 3; i++) {
      await db.pingContext(background);
      await synctest.sleep(400);
    }
    expect([fake.conns.length, fake.open.connections]).toEqual([1, 0]);
  });

  inBubble("a connection that was idle for too long is closed", async ({ fake, db }) => {
    db.setConnMaxIdleTime(1000);
    for (let i = 0; i < 3; i++) {
      await db.pingContext(background);
      await synctest.sleep(900);
    }
    expect(fake.open.connections).toBe(1);
    await synctest.sleep(100);
    expect([fake.open.connections, db.stats().maxIdleTimeClosed, db.stats().maxLifetimeClosed]).toEqual([0, 1, 0]);
  });

  inBubble("each connection has its own time", async ({ fake, db }) => {
    db.setConnMaxIdleTime(1000);
    db.setMaxIdleConns(3);
    const conns = [await db.conn(background), await db.conn(background), await db.conn(background)];
    const closed = (): boolean[] => fake.conns.map((conn) => conn.closed);
    await conns[0]?.close();
    await synctest.sleep(500);
    await conns[1]?.close();
    await conns[2]?.close();
    await synctest.sleep(500);
    expect(closed()).toEqual([true, false, false]);
    await synctest.sleep(500);
    expect(closed()).toEqual([true, true, true]);
  });

  inBubble("a limit that is set later counts for those that are idle", async ({ fake, db }) => {
    await db.pingContext(background);
    await synctest.sleep(5000);
    db.setConnMaxLifetime(1000);
    await synctest.sleep(0);
    expect(fake.open.connections).toBe(0);
    await db.pingContext(background);
    db.setConnMaxLifetime(0);
    await synctest.sleep(5000);
    expect(fake.open.connections).toBe(1);
    db.setConnMaxIdleTime(6000);
    await synctest.sleep(1000);
    expect(fake.open.connections).toBe(0);
  });

  inBubble("a limit that is lowered counts from the same moment on", async ({ fake, db }) => {
    for (const set of ["setConnMaxLifetime", "setConnMaxIdleTime"] as const) {
      db[set](5000);
      await db.pingContext(background);
      db[set](1000);
      await synctest.sleep(999);
      expect(fake.open.connections).toBe(1);
      await synctest.sleep(1);
      expect(fake.open.connections).toBe(0);
      db[set](0);
    }
  });

  inBubble("a limit that is taken back and set again counts", async ({ fake, db }) => {
    db.setConnMaxLifetime(1000);
    await db.pingContext(background);
    db.setConnMaxLifetime(0);
    db.setConnMaxLifetime(1000);
    await synctest.sleep(1000);
    expect(fake.open.connections).toBe(0);
  });

  inBubble("a limit of one millisecond is one", async ({ fake, db }) => {
    for (const set of ["setConnMaxLifetime", "setConnMaxIdleTime"] as const) {
      db[set](1);
      await db.pingContext(background);
      expect(fake.open.connections).toBe(1);
      await synctest.sleep(1);
      expect(fake.open.connections).toBe(0);
      db[set](0);
    }
    const { maxLifetimeClosed, maxIdleTimeClosed } = db.stats();
    expect([maxLifetimeClosed, maxIdleTimeClosed]).toEqual([1, 1]);
  });

  inBubble("the place of a connection that is closed for its age is free", async ({ fake, db }) => {
    db.setMaxOpenConns(1);
    db.setConnMaxLifetime(1000);
    await db.pingContext(background);
    await synctest.sleep(1000);
    await db.pingContext(background);
    expect([fake.conns.length, fake.open.connections]).toEqual([2, 1]);
  });
});

// In fake time, not in a bubble: what counts is the host's timers.
describe("the timers for that", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  test("no timer is left while no connection is idle", async () => {
    const { db } = openFake();
    db.setConnMaxLifetime(1000);
    const conn = await db.conn(background);
    await conn.close();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a limit that is taken back counts no more", async () => {
    const { fake, db } = openFake();
    db.setConnMaxLifetime(1000);
    db.setConnMaxIdleTime(1000);
    await db.pingContext(background);
    db.setConnMaxLifetime(0);
    db.setConnMaxIdleTime(-1);
    await settle();
    // Not only without effect: a timer would hold up tests that count them.
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    await settle();
    expect([fake.open.connections, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("an endless limit is none", async () => {
    const { fake, db } = openFake();
    db.setConnMaxLifetime(Infinity);
    await db.pingContext(background);
    await vi.advanceTimersByTimeAsync(1e9);
    expect([fake.open.connections, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("a closed database leaves no timer", async () => {
    const { db } = openFake();
    db.setConnMaxLifetime(1000);
    await db.pingContext(background);
    expect(vi.getTimerCount()).toBe(1);
    await db.close();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("with an attached clock", () => {
  test("a connection that became too old while the event loop was busy is not used again", async () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const { fake, db } = openFake();
    db.setConnMaxLifetime(1);
    await db.pingContext(background);
    clock.advance(1);
    await db.pingContext(background);
    await settle();
    expect([fake.conns.length, fake.conns[0]?.closed, fake.conns[1]?.closed]).toEqual([2, true, false]);
    expect(db.stats()).toMatchObject({ openConnections: 1, idle: 1, maxLifetimeClosed: 1, maxIdleTimeClosed: 0 });
    await db.close();
  });

  const clock = new StandingClock();
  test("waits are measured and connections grow old by that clock", async () => {
    using _ = attach({ clock });
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    db.setConnMaxLifetime(1000);
    const conn = await db.conn(background);
    const waiting = db.conn(background);
    await settle();
    clock.advance(700);
    await conn.close();
    const next = await waiting;
    const short = db.conn(background);
    await settle();
    await next.close();
    await (await short).close();
    expect([db.stats().waitDuration, db.stats().waitCount]).toEqual([700, 2]);
    clock.advance(300);
    await settle();
    expect(fake.open.connections).toBe(0);
  });
});
