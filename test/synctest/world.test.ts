import { AsyncResource } from "node:async_hooks";
import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync, pbkdf2, pbkdf2Sync, randomBytes, randomUUID, scrypt } from "node:crypto";
import { lookup, Resolver } from "node:dns/promises";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { Agent, createServer, get, type ServerResponse } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { createServer as createTlsServer, get as getSecurely } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { createGzip, gzip, gzipSync } from "node:zlib";
import { type Chan, chan, context, go, gosched, select, sync, time } from "gocsp";
import { explore } from "gocsp/explore";
import * as http from "gocsp/http";
import * as synctest from "gocsp/synctest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cert, key } from "../http/tls.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

let url: string;
let port: number;
let stop: () => Promise<void>;
beforeAll(async () => {
  // It answers in real time, which nobody else has to know.
  const server = createServer((_, res) => void setTimeout(() => res.end("answer"), 20));
  const echo = createTcpServer((socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  echo.listen(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(echo, "listening")]);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  ({ port } = echo.address() as AddressInfo);
  stop = async () => {
    server.closeAllConnections();
    server.close();
    echo.close();
    await Promise.all([once(server, "close"), once(echo, "close")]);
  };
});
afterAll(() => stop());

/** What the world outside can be asked for. */
const questions: Record<string, () => Promise<unknown>> = {
  "a file": () => readFile(import.meta.filename),
  "a file's size": () => stat(import.meta.filename),
  "a key from a password": () => promisify(pbkdf2)("a", "b", 20_000, 32, "sha256"),
  "another key": () => promisify(scrypt)("a", "b", 32),
  "random bytes": () => promisify(randomBytes)(1 << 16),
  "a digest": () => crypto.subtle.digest("SHA-256", new Uint8Array(1 << 20)),
  "a compression": () => promisify(gzip)(Buffer.alloc(1 << 20)),
  "a compression in parts": async () => {
    const parts = createGzip();
    parts.resume();
    for (let n = 0; n < 5; n++) await new Promise((resolve) => parts.write(randomBytes(1 << 16), resolve));
    parts.end();
    await once(parts, "end");
  },
  "a derived key": async () => {
    const key = await crypto.subtle.importKey("raw", new Uint8Array(4), "PBKDF2", false, ["deriveBits"]);
    const parameters = { name: "PBKDF2", salt: new Uint8Array(4), iterations: 20_000, hash: "SHA-256" };
    await crypto.subtle.deriveBits(parameters, key, 128);
  },
  "the parts of a blob": async () => {
    for await (const part of new Blob(["x".repeat(1 << 18), "y"]).stream()) expect(part.length).toBeGreaterThan(0);
  },
  "a blob that is compressed": async () => {
    const compressed = new Blob(["x".repeat(1 << 18)]).stream().pipeThrough(new CompressionStream("gzip"));
    await new Response(compressed).arrayBuffer();
  },
  "an address": () => lookup("localhost"),
  "a fetch": async () => (await fetch(url)).text(),
  "a fetch under a context": async () => (await http.fetch(context.background(), url)).text(),
  "an answer of a server": async () => {
    const response = await new Promise<NodeJS.ReadableStream>((resolve) => get(url, resolve));
    return text(response);
  },
  "a socket": async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("hello");
    const [data] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    await once(socket, "close");
    return data;
  },
  "another process": () => promisify(execFile)(process.execPath, ["-e", "0"]),
  "a thread": async () => {
    const worker = new Worker("require('node:worker_threads').parentPort.postMessage(1)", { eval: true });
    await once(worker, "message");
    await worker.terminate();
  },
};

describe("the clock stands still while the bubble waits for", () => {
  test.each(Object.entries(questions))("%s [V24]", async (_, ask) => {
    await synctest.test(
      async () => {
        const begun = Date.now();
        let late = false;
        go(async () => {
          await time.sleep(time.hour);
          late = true;
        });
        await ask();
        expect([late, Date.now() - begun]).toEqual([false, 0]);
        await time.sleep(time.hour);
        await synctest.wait();
        expect(late).toBe(true);
      },
      { patience: 60_000 },
    );
  });

  test("a race of an operation and the world [V24]", async () => {
    await synctest.test(async () => {
      const first = await Promise.race([
        time.sleep(time.hour).then(() => "the hour"),
        readFile(import.meta.filename).then(() => "the file"),
      ]);
      expect(first).toBe("the file");
      await time.sleep(time.hour);
    });
  });

  test("a stream, which goes on chains of ticks, before any timeout [V24]", async () => {
    await synctest.test(async () => {
      let size = 0;
      const read = pipeline(
        Readable.from(Array.from({ length: 50 }, (_, i) => String(i))),
        new PassThrough(),
        async (source) => {
          for await (const part of source as AsyncIterable<Buffer>) size += part.length;
        },
      );
      await Promise.race([read, time.sleep(1)]);
      expect([size, performance.now()]).toEqual([90, 0]);
    });
  });

  test("what another goroutine has asked the world for [V24]", async () => {
    await synctest.test(async () => {
      const answer = chan<number>();
      go(async () => {
        const { length } = await readFile(import.meta.filename);
        await answer.send(length);
      });
      const op = await select({ answer, late: time.after(time.hour) });
      expect(op.case).toBe("answer");
    });
  });

  test("an answer on a connection that was there before, if it is said to be external [V24]", async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    await synctest.test(async () => {
      const begun = Date.now();
      go(() => time.sleep(time.minute));
      socket.write("hello");
      const [data] = await synctest.external(once(socket, "data"));
      expect([String(data), Date.now() - begun]).toEqual(["hello", 0]);
      await time.sleep(time.minute);
    });
    socket.destroy();
  });
});

async function ask(agent: Agent): Promise<string> {
  return text(await new Promise<NodeJS.ReadableStream>((resolve) => void get(url, { agent }, resolve)));
}

/** What the host has done, and of which it leaves an object to the collector. */
const done: Record<string, () => unknown> = {
  "a UUID": () => randomUUID(),
  "random bytes": () => randomBytes(16),
  "random numbers": () => crypto.getRandomValues(new Uint8Array(4)),
  "a key from a password": () => pbkdf2Sync("a", "b", 1, 8, "sha256"),
  "a pair of keys": () => generateKeyPairSync("ed25519"),
  "a compression": () => gzipSync("text"),
  "a compressor that has had nothing to do": () => createGzip(),
  "a function that is bound to its goroutine": () => AsyncResource.bind(() => undefined),
  "a resolver": () => new Resolver(),
  "the text of a blob": () => new Blob(["text"]).text(),
  "a response from a blob": () => new Response(new Blob(["text"])).text(),
  "answers on one connection": async () => {
    const agent = new Agent({ keepAlive: true });
    for (let n = 0; n < 3; n++) expect(await ask(agent)).toBe("answer");
  },
  "an answer over TLS": async () => {
    const server = createTlsServer({ key, cert }, (_, res) => void res.end("answer"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const options = { ca: cert, host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    const response = new Promise<NodeJS.ReadableStream>((resolve) => void getSecurely(options, resolve));
    expect(await text(await response)).toBe("answer");
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  },
  "an answer over HTTP/2": async () => {
    const server = createHttp2Server();
    server.on("stream", (stream) => stream.end("answer"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await text(session.request())).toBe("answer");
    session.close();
    server.close();
    await once(server, "close");
  },
};

describe("time goes on past what the host has done:", () => {
  test.each(Object.entries(done))("%s [V24]", async (_, act) => {
    await synctest.test(async () => {
      await act();
      await time.sleep(time.hour);
      expect(performance.now()).toBe(time.hour);
    });
  });

  test("a pooled connection of fetch, while one of somebody else ends [V24]", async () => {
    const asked: ServerResponse[] = [];
    const server = createServer((req, res) => {
      if (req.url === "/other") {
        asked.push(res);
      } else {
        for (const one of asked) one.end("other");
        setTimeout(() => res.end("answer"), 50);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(base)).text()).toBe("answer");
    const agent = new Agent();
    const other = new Promise<NodeJS.ReadableStream>((resolve) => void get(`${base}/other`, { agent }, resolve));
    while (asked.length === 0) await nextTurn();
    await synctest.test(async () => {
      go(() => time.sleep(time.hour));
      expect([await (await fetch(base)).text(), performance.now()]).toEqual(["answer", 0]);
      await time.sleep(time.hour);
    });
    expect(await text(await other)).toBe("other");
    agent.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  test("an answer on a connection from before the bubble [V24]", async () => {
    const agent = new Agent({ keepAlive: true });
    expect(await ask(agent)).toBe("answer");
    await synctest.test(async () => {
      go(() => time.sleep(time.hour));
      expect([await ask(agent), performance.now()]).toEqual(["answer", 0]);
      await time.sleep(time.hour);
    });
    agent.destroy();
  });

  test("turns of the event loop, for one that polls in them [V24]", async () => {
    await synctest.test(async () => {
      go(() => time.sleep(time.hour));
      while (performance.now() === 0) await nextTurn();
      expect(performance.now()).toBe(time.hour);
    });
  });
});

describe("time goes on past", () => {
  test("a promise that another goroutine will settle [V24]", async () => {
    await synctest.test(async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      go(async () => {
        await time.sleep(time.hour);
        resolve(42);
      });
      expect(await promise).toBe(42);
      expect(performance.now()).toBe(time.hour);
    });
  });

  test("an idle connection of an agent [V24]", async () => {
    await synctest.test(async () => {
      await (await fetch(url)).text();
      await (await fetch(url)).text();
      const begun = Date.now();
      await time.sleep(time.hour);
      expect(Date.now() - begun).toBe(time.hour);
    });
  });

  test("a server in the bubble, and the connections that it has accepted [V24]", async () => {
    await synctest.test(async () => {
      const server = createServer((_, res) => void gosched().then(() => res.end("at once")));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      expect(await (await fetch(own)).text()).toBe("at once");
      await time.sleep(time.hour);
      expect(performance.now()).toBe(time.hour);
      server.closeAllConnections();
      server.close();
    });
  });

  test("not for a server in the bubble whose handler sleeps, with foreign: durable [V24]", async () => {
    const asked = async (): Promise<[string, number]> => {
      const server = createServer(
        http.handler(async (_, __, res) => {
          await time.sleep(time.minute);
          res.end("late");
        }),
      );
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const text = await response.text();
      server.closeAllConnections();
      server.close();
      return [text, performance.now()];
    };
    expect(await synctest.test(asked, { foreign: "durable" })).toEqual(["late", 60_000]);
  });

  test("everything with foreign: durable; nothing with wait; and error refuses it [V24]", async () => {
    const ask = async (): Promise<string> => {
      const file = readFile(import.meta.filename).then(() => "file");
      return Promise.race([file, time.sleep(1).then(() => "sleep")]);
    };
    expect(await synctest.test(ask, { foreign: "durable" })).toBe("sleep");
    const refused: unknown = await synctest
      .test(() => readFile(import.meta.filename), { foreign: "error" })
      .catch((error: unknown) => error);
    expect((refused as Error).message).toMatch(
      /^synctest: a goroutine waits for something outside the bubble, and it does not come\n\ngoroutine 1 \[await\]:\n\tafter .*world\.test\.ts:\d+:\d+\n/,
    );
    let settle!: () => void;
    const outside = new Promise<void>((resolve) => (settle = resolve));
    setTimeout(() => settle(), 5);
    await synctest.test(
      async () => {
        go(() => time.sleep(time.hour));
        await outside;
        expect(Date.now()).toBe(Date.UTC(2000, 0, 1));
        await time.sleep(time.hour);
      },
      { foreign: "wait" },
    );
  });
});

test("who comes back from a foreign wait and parks lets the others go on [V24]", async () => {
  const log = await synctest.test(async () => {
    const [log, ch] = [[] as string[], chan<string>()];
    const { promise, resolve } = Promise.withResolvers<void>();
    go(async () => {
      resolve();
      await gosched();
      await time.sleep(time.second);
      await ch.send("sent");
    });
    await promise;
    log.push("back");
    log.push((await ch.receive()) as string);
    return log;
  });
  expect(log).toEqual(["back", "sent"]);
});

test("the world's own timers do not stop the clock of a bubble [V24]", async () => {
  const tested = synctest.test(() => time.sleep(time.hour), { patience: 10 });
  // As a test runner's, while the bubble runs.
  const timer = setTimeout(() => undefined, time.hour);
  await tested;
  clearTimeout(timer);
});

describe("who comes back from the world outside lets the others go on, and", () => {
  const after: Record<string, (ch: Chan<string>) => unknown> = {
    parks: (ch) => ch.receive(),
    ends: () => "ended",
  };
  test.each(Object.entries(after))("%s [V24]", async (_, act) => {
    const outside = Promise.withResolvers<void>();
    const tested = synctest.test(
      async () => {
        const ch = chan<string>(1);
        go(async () => {
          await time.sleep(time.second);
          await ch.send("sent");
        });
        // Asks for no operation: nothing but its next one, or its end, tells that it goes on.
        go(async () => {
          await outside.promise;
          await act(ch);
        });
        await time.sleep(time.minute);
        return performance.now();
      },
      { foreign: "wait", patience: 30_000 },
    );
    setTimeout(outside.resolve, 1);
    expect(await tested).toBe(time.minute);
  });
});

test("steps never overlap, also when alarms ring in between [V4]", async () => {
  await synctest.test(async () => {
    let inside = 0;
    const wg = new sync.WaitGroup();
    for (let i = 1; i <= 5; i++) {
      wg.go(async () => {
        for (let n = 0; n < 20; n++) {
          await time.sleep(i);
          inside = i;
          for (let hop = 0; hop < 10; hop++) {
            await undefined;
            expect(inside).toBe(i);
          }
          time.afterFunc(0, () => undefined);
        }
      });
    }
    await wg.wait();
  });
});

/** A context of somebody else's: with a channel of its own, and nothing else that this library knows. */
function ownContext(): [ctx: context.Context, end: () => void] {
  const finished = chan<never>();
  let error: Error | undefined;
  const end = (): void => {
    error = context.canceled;
    finished.close();
  };
  return [{ deadline: () => undefined, done: () => finished, err: () => error, value: () => undefined }, end];
}

const runners: Record<string, (f: () => Promise<void>) => Promise<unknown>> = {
  "a bubble": (f) => synctest.test(f),
  "an exploration": (f) => explore(f, { runs: 20 }),
};

describe("contexts that are not ours", () => {
  test.each(Object.entries(runners))("end waits in %s [V2]", async (_, run) => {
    class Own extends context.Embedded {}
    await run(async () => {
      const [inner, cancel] = context.withCancel(context.background());
      const own = new Own(inner);
      const [child, cancelChild] = context.withTimeout(own, time.hour);
      using _ = cancelChild;
      go(async () => {
        await time.sleep(time.second);
        cancel();
      });
      await child.done().receive();
      expect(child.err()).toBe(context.canceled);
      const [ended] = await Promise.allSettled([chan().receive(own)]);
      expect(ended.status).toBe("rejected");
    });
  });

  test.each(Object.entries(runners))("end waits by their channels, before time passes, in %s [V2]", async (_, run) => {
    await run(async () => {
      const [own, end] = ownContext();
      const [child, cancelChild] = context.withTimeout(own, time.hour);
      using _ = cancelChild;
      go(async () => {
        await time.sleep(time.second);
        end();
      });
      const [first] = await Promise.allSettled([chan().receive(own)]);
      expect(first).toEqual({ status: "rejected", reason: context.canceled });
      await child.done().receive();
      expect([child.err(), performance.now()]).toEqual([context.canceled, time.second]);
    });
  });
});

test("a fatal error fails the test, and not the process [V19]", async () => {
  const error: unknown = await synctest.test(() => new sync.Mutex().unlock()).catch((error: unknown) => error);
  expect((error as Error).message).toContain("sync: unlock of unlocked mutex");
});

test("the world's callbacks belong to no goroutine, however long a bubble runs [V2]", async () => {
  let [calls, inside] = [0, 0];
  let going = true;
  const tick = (): void => {
    calls++;
    try {
      void synctest.external(Promise.resolve()).then(
        () => inside++,
        () => undefined,
      );
    } catch {
      // Not in the bubble, as it should be.
    }
    if (going) setImmediate(tick);
  };
  const real = setImmediate;
  real(tick);
  await synctest.test(async () => {
    const until = createHash("sha256");
    for (let n = 0; n < 30_000; n++) {
      await gosched();
      if (n % 100 === 0) until.update("x");
    }
  });
  going = false;
  await new Promise((resolve) => real(resolve));
  expect([calls > 0, inside]).toEqual([true, 0]);
});
