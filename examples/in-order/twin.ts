// Broken: one channel for both speakers, with room for two permissions. A fast speaker takes both, the other waits forever.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

const speak = async (name: string, out: SendChan<string>, goOn: ReceiveChan<void>, rounds: number) => {
  for (let i = 1; i <= rounds; i++) {
    await out.send(name);
    await goOn.receive();
  }
};

main(async () => {
  const out = chan<string>();
  const goOn = chan<void>(2);
  const rounds = 2;
  go(speak, "ann", out, goOn, rounds);
  go(speak, "bob", out, goOn, rounds);
  for (let round = 1; round <= rounds; round++) {
    const [a, b] = [(await out.receive())!, (await out.receive())!];
    console.log(`round ${round}:`, [a, b].sort().join(", "));
    goOn.trySend();
    goOn.trySend();
  }
});
