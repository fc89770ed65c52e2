// The locks have an order, and everyone takes them in it: ann before bob.
import { main, sync } from "gocsp";

const [ann, bob] = [new sync.Mutex(), new sync.Mutex()];

const transfer = async (text: string) => {
  using _1 = await ann.lock();
  using _2 = await bob.lock();
  console.log(text);
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(transfer, "ann pays bob");
  wg.go(transfer, "bob pays ann");
  await wg.wait();
});
