// A channel that is piped into a response, and the client leaves: the next value must stay in the channel.
import { chan, type Chan, type Context, defer, time } from "gocsp";
import * as http from "gocsp/http";
import type { ServerResponse } from "node:http";
import { finished, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { expectNothingOpen, later, RawClient, serve } from "./server.ts";

expectNothingOpen();

const ways: Record<string, (ctx: Context, ch: Chan<string>, res: ServerResponse) => Promise<unknown>> = {
  "Readable.from(ch).pipe(res)": (_ctx, ch, res) =>
    new Promise((resolve) => {
      const readable = Readable.from(ch);
      // As every user of pipe has to do.
      finished(res, () => {
        readable.destroy();
        resolve(undefined);
      });
      readable.pipe(res);
    }),
  "pipeline(Readable.from(ch), res)": (_ctx, ch, res) => pipeline(Readable.from(ch), res),
  // Node waits for the next value of an iterable, even if the rest of the pipeline has ended.
  "pipeline(ch.range(ctx), res)": (ctx, ch, res) => pipeline(ch.range(ctx), res),
  "pipeline(ReadableStream.from(ch.range(ctx)), res)": (ctx, ch, res) =>
    pipeline(ReadableStream.from(ch.range(ctx)), res),
  "for await": async (ctx, ch, res) => {
    for await (const value of ch.range(ctx)) res.write(value);
  },
};

test.for(Object.entries(ways))(
  "%s loses nothing when the client leaves, and the handler ends [C47]",
  async ([, pipe]) => {
    const onError: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      const ch = chan<string>();
      const over = later();
      const server = await serve(
        http.handler(
          async (ctx, _req, res) => {
            using _ = defer(() => over.resolve());
            await pipe(ctx, ch, res);
          },
          { onError: (error) => onError.push(error) },
        ),
      );
      const client = await RawClient.connect(server.port);
      client.get("/");
      await ch.send("first");
      await client.receive("first");
      client.leave();
      await over.promise;
      // A stream calls its iterator's `return` after its pipeline has ended.
      await time.sleep(10);
      expect(ch.trySend("job")).toBe(false);
    }
    expect(onError).toEqual([]);
  },
);
