// Restoring the order: two speakers share a channel, and each message brings along the channel on which its sender waits.
// The reader lets both continue at the end of a round, so neither speaks twice in one.
import { type Chan, chan, go, main, type SendChan } from "gocsp";

type Message = { text: string; goOn: Chan<void> };

const speak = async (name: string, out: SendChan<Message>, rounds: number) => {
  const goOn = chan<void>();
  for (let i = 1; i <= rounds; i++) {
    await out.send({ text: `${name} ${i}`, goOn });
    await goOn.receive();
  }
};

main(async () => {
  const out = chan<Message>();
  const rounds = 2;
  go(speak, "ann", out, rounds);
  go(speak, "bob", out, rounds);
  for (let round = 1; round <= rounds; round++) {
    const [a, b] = [(await out.receive())!, (await out.receive())!];
    console.log(`round ${round}:`, [a.text, b.text].sort().join(", "));
    await a.goOn.send();
    await b.goOn.send();
  }
});
