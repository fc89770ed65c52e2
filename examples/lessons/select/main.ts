// Main waits for whoever is first: a number, or the end. If both are ready, the choice is random.
import { chan, go, main, type ReceiveChan, select, send, type SendChan } from "gocsp";

const squares = async (out: SendChan<number>, quit: ReceiveChan<void>) => {
  for (let n = 1; ; n++) {
    const op = await select({ sent: send(out, n * n), quit });
    if (op.case === "quit") {
      console.log("quit");
      return;
    }
  }
};

main(async () => {
  const [out, quit] = [chan<number>(), chan<void>()];
  go(squares, out, quit);
  for (let i = 0; i < 3; i++) console.log(await out.receive());
  await quit.send();
});
