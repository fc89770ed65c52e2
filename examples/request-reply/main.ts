// Requests that bring along the channel for their reply: a server goroutine owns a map, and no other goroutine accesses
// it. Instead of sharing memory under a lock, clients send requests to its only owner.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

type Request = { word: string; reply: SendChan<number> };

/** Answers how often each word has been asked for, this time included. */
const counter = async (requests: ReceiveChan<Request>) => {
  const counts = new Map<string, number>();
  for await (const { word, reply } of requests) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    await reply.send(counts.get(word)!);
  }
};

const ask = async (requests: SendChan<Request>, word: string): Promise<number> => {
  const reply = chan<number>();
  await requests.send({ word, reply });
  return (await reply.receive())!;
};

main(async () => {
  const requests = chan<Request>();
  go(counter, requests);

  for (const word of ["go", "select", "go", "chan", "go"]) console.log(word, await ask(requests, word));

  // A hundred clients at once, each asks ten times: no count is lost.
  const done = chan<void>();
  for (let i = 0; i < 100; i++) {
    go(async () => {
      for (let i = 0; i < 10; i++) await ask(requests, "busy");
      await done.send();
    });
  }
  for (let i = 0; i < 100; i++) await done.receive();
  console.log("busy", await ask(requests, "busy"));
});
