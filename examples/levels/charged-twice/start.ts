// A shop charges a card. If no answer comes within a second, it asks again.
import { chan, main, select, sync, time } from "gocsp";

let charged = 0;
const requests = new sync.WaitGroup();

const charge = async (): Promise<boolean> => {
  const answer = chan<void>(1);
  requests.go(async () => {
    charged++;
    await time.sleep(10 * time.millisecond); // the answer is on its way
    await answer.send();
  });
  const op = await select({ answer, late: time.after(1 * time.second) });
  return op.case === "answer";
};

main(async () => {
  for (let attempt = 1; attempt <= 2; attempt++) if (await charge()) break;
  await requests.wait();
  if (charged !== 1) throw new Error(`the card was charged ${charged} times`);
  console.log("charged once");
});
