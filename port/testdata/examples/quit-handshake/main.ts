// A goroutine asked to quit tidies up first and then says so: the quit channel carries the request there and the answer
// back. A quit channel asks one goroutine; a context would tell a whole tree, but would not wait for an answer.
import { type Chan, chan, go, main, type ReceiveChan, select, send } from "gocsp";

function speaker(quit: Chan<string>): ReceiveChan<string> {
  const lines = chan<string>();
  go(async () => {
    for (let i = 0; ; i++) {
      const op = await select({ sent: send(lines, `line ${i}`), quit });
      if (op.case === "quit") {
        const reason = op.value ?? "";
        console.log("speaker hears:", reason);
        await quit.send("see you");
        return;
      }
    }
  });
  return lines;
}

main(async () => {
  const quit = chan<string>();
  const lines = speaker(quit);
  for (let i = 0; i < 3; i++) {
    console.log((await lines.receive()) ?? "");
  }
  await quit.send("enough");
  console.log("speaker says:", (await quit.receive()) ?? "");
});
