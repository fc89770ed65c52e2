// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing the table ends
// the game for both. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
import { type Chan, chan, main, sync, time } from "gocsp";

type Ball = { hits: number };

const player = async (name: string, table: Chan<Ball>) => {
  for await (const b of table) {
    b.hits++;
    console.log(name, b.hits);
    if (b.hits === 10) {
      table.close();
      return;
    }
    await time.sleep(1 * time.millisecond);
    await table.send(b);
  }
};

main(async () => {
  const table = chan<Ball>();
  const players = new sync.WaitGroup();
  players.go(player, "ping", table);
  await table.send({ hits: 0 });
  players.go(player, "pong", table);
  await players.wait();
  console.log("game over");
});
