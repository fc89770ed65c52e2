import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { defaultLimit, readAhead } from "../../src/http/read-ahead.ts";
import { turn } from "../support/settle.ts";

/** A socket that counts how often it is resumed, and a request on it whose body grows when the test says. */
class Upload {
  readonly socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    resumed: 0,
    isPaused: () => false,
    resume() {
      this.resumed++;
    },
  });
  readonly req = Object.assign(new EventEmitter(), {
    socket: this.socket,
    headers: { "transfer-encoding": "chunked" },
    complete: false,
    destroyed: false,
    readableFlowing: null as boolean | null,
    readableDidRead: false,
    readableLength: 0,
  });
  readonly stop: () => void;

  constructor(limit: number = defaultLimit) {
    this.stop = readAhead(this.req as unknown as IncomingMessage, limit);
  }

  /** More of the body arrives, and Node pauses the socket. Returns whether it was resumed. */
  async grow(bytes: number): Promise<boolean> {
    const before = this.socket.resumed;
    this.req.readableLength += bytes;
    this.socket.emit("pause");
    await turn();
    return this.socket.resumed > before;
  }
}

describe("reading ahead", () => {
  test("continues until the limit is reached", async () => {
    const upload = new Upload(1000);
    expect([await upload.grow(600), await upload.grow(300), await upload.grow(300)]).toEqual([true, true, false]);
    upload.stop();
  });

  test("does not resume a socket that the program has paused", async () => {
    const upload = new Upload();
    expect([await upload.grow(10), await upload.grow(0), await upload.grow(10)]).toEqual([true, false, true]);
    upload.stop();
  });

  test.for(["flowing", "paused", "readable", "read", "complete", "destroyed"] as const)(
    "ends for good when the stream is %s",
    async (how) => {
      const upload = new Upload();
      const { req, socket } = upload;
      if (how === "flowing") req.readableFlowing = true;
      if (how === "paused") req.readableFlowing = false;
      if (how === "readable") req.on("readable", () => undefined);
      if (how === "read") req.readableDidRead = true;
      if (how === "complete") req.complete = true;
      if (how === "destroyed") req.destroyed = true;
      expect(await upload.grow(10)).toBe(false);
      expect(socket.listenerCount("pause")).toBe(0);
    },
  );

  test("is bounded for all requests together, and what was read is returned", async () => {
    const uploads = Array.from({ length: 9 }, () => new Upload());
    const resumed: boolean[] = [];
    for (const upload of uploads) resumed.push(await upload.grow(defaultLimit - 1));
    // Eight of them are eight bytes short of the limit.
    expect(resumed).toEqual([...Array<boolean>(8).fill(true), false]);
    for (const upload of uploads) upload.stop();
    for (const upload of uploads) upload.stop();
    const next = new Upload();
    expect(await next.grow(1)).toBe(true);
    next.stop();
    // Nothing is counted or returned twice: the same again.
    const again = Array.from({ length: 9 }, () => new Upload());
    resumed.length = 0;
    for (const upload of again) resumed.push(await upload.grow(defaultLimit - 1));
    expect(resumed).toEqual([...Array<boolean>(8).fill(true), false]);
    for (const upload of again) upload.stop();
  });

  test("is not begun for a request without a body, nor with a limit of zero", () => {
    const socket = new EventEmitter();
    const request = (headers: object): IncomingMessage =>
      ({ socket: Object.assign(socket, { isPaused: () => true }), headers, complete: false }) as never;
    readAhead(request({}), 100);
    readAhead(request({ "content-length": "0" }), 100);
    readAhead(request({ "content-length": "10" }), 0);
    readAhead(request({ "content-length": "10" }), Number.NaN);
    readAhead({ headers: { "content-length": "10" }, complete: false } as never, 100)();
    expect(socket.listenerCount("pause")).toBe(0);
  });
});
