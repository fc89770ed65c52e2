// Broken: main asks the speaker to quit and does not wait for the answer, so the speaker never gets rid of it.
import { type Chan, chan, go, main, type ReceiveChan, select, send } from "gocsp";

const speaker = (quit: Chan<string>): ReceiveChan<string> => {
  const lines = chan<string>();
  go(async () => {
    for (let i = 0; ; i++) {
      const op = await select({ said: send(lines, `line ${i}`), quit });
      switch (op.case) {
        case "said":
          break;
        case "quit":
          await quit.send("see you");
          console.log("speaker has tidied up");
          return;
      }
    }
  });
  return lines;
};

main(async () => {
  const quit = chan<string>();
  const lines = speaker(quit);
  for (let i = 0; i < 3; i++) console.log(await lines.receive());
  await quit.send("enough");
});
