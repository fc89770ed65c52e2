// Requests that bring along the channel for their reply: a server goroutine owns a map, and nobody else ever touches
// it. Instead of sharing memory under a lock, its one owner is asked.
import { chan, go, main, nilChan, type ReceiveChan, type SendChan } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Request {
  word = "";
  reply: SendChan<number> = nilChan();

  constructor(init?: Partial<Request>) {
    Object.assign(this, init);
  }
}

/** counter answers how often each word has been asked for, this time included. */
async function counter(requests: ReceiveChan<Request>): Promise<void> {
  const counts = new Map<string, number>();
  for await (const r of requests) {
    counts.set(r.word, (counts.get(r.word) ?? 0) + 1);
    await r.reply.send(counts.get(r.word) ?? 0);
  }
}

async function ask(requests: SendChan<Request>, word: string): Promise<number> {
  const reply = chan<number>();
  await requests.send(new Request({ word, reply }));
  return (await reply.receive()) ?? 0;
}

main(async () => {
  const requests = chan<Request>();
  go(counter, requests);

  for (const word of ["go", "select", "go", "chan", "go"]) {
    fmt.println(word, await ask(requests, word));
  }

  // A hundred clients at once, each asks ten times: no count is lost.
  const done = chan<void>();
  for (let i = 0; i < 100; i++) {
    go(async () => {
      for (let i1 = 0; i1 < 10; i1++) {
        await ask(requests, "busy");
      }
      await done.send();
    });
  }
  for (let i = 0; i < 100; i++) {
    await done.receive();
  }
  console.log("busy", await ask(requests, "busy"));
});
