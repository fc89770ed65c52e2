// Broken: both players serve. Each waits until the other takes the ball, and neither does.
import { type Chan, chan, main, sync } from "gocsp";

const player = async (name: string, table: Chan<string>) => {
  await table.send(`ball of ${name}`);
  console.log(name, "has", await table.receive());
};

main(async () => {
  const table = chan<string>();
  const players = new sync.WaitGroup();
  players.go(player, "ping", table);
  players.go(player, "pong", table);
  await players.wait();
  console.log("game over");
});
