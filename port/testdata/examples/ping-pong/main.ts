// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing over ends
// the game. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
import { type Chan, chan, go, main, type SendChan, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Ball {
  hits = 0;

  constructor(init?: Partial<Ball>) {
    Object.assign(this, init);
  }
}

async function player(name: string, table: Chan<Ball>, over: SendChan<void>): Promise<void> {
  for await (const b of table) {
    b.hits++;
    fmt.println(name, b.hits);
    if (b.hits === 10) {
      over.close();
      return;
    }
    await time.sleep(1 * time.millisecond);
    await table.send(b);
  }
}

main(async () => {
  const table = chan<Ball>();
  const over = chan<void>();
  go(player, "ping", table, over);
  await table.send(new Ball());
  go(player, "pong", table, over);
  await over.receive();
  console.log("game over");
});
