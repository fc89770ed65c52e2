// Two transfers in opposite directions. Each locks both accounts.
import { main, sync } from "gocsp";

const [ann, bob] = [new sync.Mutex(), new sync.Mutex()];

const transfer = async (from: sync.Mutex, to: sync.Mutex, text: string) => {
  using _1 = await from.lock();
  using _2 = await to.lock();
  console.log(text);
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(transfer, ann, bob, "ann pays bob");
  wg.go(transfer, bob, ann, "bob pays ann");
  await wg.wait();
});
