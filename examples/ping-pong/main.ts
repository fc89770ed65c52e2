// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing over ends
// the game. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
import { type Chan, chan, go, main, type SendChan, time } from "gocsp";

type Ball = { hits: number };

const player = async (name: string, table: Chan<Ball>, over: SendChan<never>) => {
  for await (const b of table) {
    b.hits++;
    console.log(name, b.hits);
    if (b.hits === 10) {
      over.close();
      return;
    }
    await time.sleep(1 * time.millisecond);
    await table.send(b);
  }
};

main(async () => {
  const table = chan<Ball>();
  const over = chan<never>();
  go(player, "ping", table, over);
  await table.send({ hits: 0 });
  go(player, "pong", table, over);
  await over.receive();
  console.log("game over");
});
