// Broken: a loop that does one thing after the other. While it waits for a reader it neither fetches nor hears that it is
// closed, so the reader who leaves with an item on its way leaves a goroutine behind.
import { chan, go, main, time } from "gocsp";

const subscribe = (fetch: () => string[]) => {
  const updates = chan<string>();
  const state = { closed: false };
  go(async () => {
    while (!state.closed) {
      for (const item of fetch()) await updates.send(item);
      await time.sleep(10 * time.millisecond);
    }
  });
  return { updates, close: () => (state.closed = true) };
};

main(async () => {
  let day = 0;
  const feed = subscribe(() => [`news of day ${++day}`, `weather of day ${day}`]);
  for (let i = 0; i < 3; i++) console.log(await feed.updates.receive());
  feed.close();
  console.log("closed");
});
