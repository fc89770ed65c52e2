// Restoring the order: two speakers share a channel, and each message brings along the channel on which its sender waits.
// Whoever reads lets both go on at the end of a round, so nobody speaks twice in one.
import { type Chan, chan, go, main, nilChan, type SendChan } from "gocsp";
import * as slices from "gocsp/golib/slices";
import * as strings from "gocsp/golib/strings";

class Message {
  text = "";
  goOn: Chan<void> = nilChan();

  constructor(init?: Partial<Message>) {
    Object.assign(this, init);
  }
}

async function speak(name: string, out: SendChan<Message>, rounds: number): Promise<void> {
  const goOn = chan<void>();
  for (let i = 1; i <= rounds; i++) {
    await out.send(new Message({ text: `${name} ${i}`, goOn }));
    await goOn.receive();
  }
}

main(async () => {
  const out = chan<Message>();
  const rounds = 2;
  go(speak, "ann", out, rounds);
  go(speak, "bob", out, rounds);
  for (let round = 1; round <= rounds; round++) {
    const a = (await out.receive())!;
    const b = (await out.receive())!;
    const texts = [a.text, b.text];
    slices.sort(texts);
    console.log(`round ${round}: ${strings.join(texts, ", ")}`);
    await a.goOn.send();
    await b.goOn.send();
  }
});
