// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing the table ends
// the game for both. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
import { type Chan, chan, main, sync, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Ball {
  hits = 0;

  constructor(init?: Partial<Ball>) {
    Object.assign(this, init);
  }
}

async function player(name: string, table: Chan<Ball>): Promise<void> {
  for await (const b of table) {
    b.hits++;
    fmt.println(name, b.hits);
    if (b.hits === 10) {
      table.close();
      return;
    }
    await time.sleep(1 * time.millisecond);
    await table.send(b);
  }
}

main(async () => {
  const table = chan<Ball>();
  const players = new sync.WaitGroup();
  players.go(async () => await player("ping", table));
  await table.send(new Ball());
  players.go(async () => await player("pong", table));
  await players.wait();
  console.log("game over");
});
