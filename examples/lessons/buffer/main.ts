// A baker puts bread on a shelf for two. When the shelf is full the baker waits, when it is empty the customer does.
import { chan, go, main, type SendChan } from "gocsp";

const bake = async (shelf: SendChan<string>) => {
  for (let i = 1; i <= 4; i++) {
    await shelf.send(`bread ${i}`);
    console.log("baked", i);
  }
  shelf.close();
};

main(async () => {
  const shelf = chan<string>(2);
  go(bake, shelf);
  for await (const bread of shelf) console.log("bought", bread);
});
