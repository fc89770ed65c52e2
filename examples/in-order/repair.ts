// Repaired: each message brings its own channel, so a permission can reach nobody else.
import { type Chan, chan, go, main, type SendChan } from "gocsp";

type Message = { name: string; goOn: Chan<void> };

const speak = async (name: string, out: SendChan<Message>, rounds: number) => {
  const goOn = chan<void>(1);
  for (let i = 1; i <= rounds; i++) {
    await out.send({ name, goOn });
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
    console.log(`round ${round}:`, [a.name, b.name].sort().join(", "));
    a.goOn.trySend();
    b.goOn.trySend();
  }
});
