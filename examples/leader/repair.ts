// Repaired: each term has a number, the write brings it along, and the store refuses an older one. The check is where the
// data is, and there is nothing between the check and the write.
import { main, sync, time } from "gocsp";

const lease = 20 * time.millisecond;
let [term, until, value] = [0, 0, ""];

const write = (own: number, text: string): boolean => {
  if (own < term) return false;
  value = text;
  return true;
};

const lead = async (name: string, pause: number) => {
  while (Date.now() < until) await time.sleep(until - Date.now());
  until = Date.now() + lease;
  const own = ++term;
  await time.sleep(pause); // its machine is busy
  const written = write(own, `${name}'s`);
  if (written && own < term) throw new Error(`${name} has overwritten what a later leader wrote`);
};

main(async () => {
  const candidates = new sync.WaitGroup();
  candidates.go(lead, "ann", lease);
  candidates.go(lead, "bob", 0);
  await candidates.wait();
  if (term === 2 && value === "") throw new Error("nobody has written");
  console.log("terms:", term);
});
