// Two servers are asked, and each is given 50 ms. The clock is virtual: it jumps when nobody can go on.
import { chan, go, main, select, time } from "gocsp";

const ask = async (server: string, delay: number) => {
  const answer = chan<string>(1);
  go(async () => {
    await time.sleep(delay);
    await answer.send(`answer from ${server}`);
  });
  const op = await select({ answer, late: time.after(50 * time.millisecond) });
  console.log(op.case === "answer" ? op.value : `${server} is too late`);
};

main(async () => {
  await ask("oslo", 20 * time.millisecond);
  await ask("rome", 80 * time.millisecond);
  await time.sleep(time.second);
});
