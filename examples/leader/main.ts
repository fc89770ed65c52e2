// Leader election with a lease: whoever takes the lease leads for a while, in a term with a number. A leader who slept through
// the end of its lease still believes that it leads: the store refuses what comes with the number of an older term.
import { main, sync, time } from "gocsp";

const lease = 20 * time.millisecond;
let [term, until] = [0, 0];

const campaign = async (): Promise<number> => {
  while (Date.now() < until) await time.sleep(until - Date.now());
  until = Date.now() + lease;
  return ++term;
};

const write = (own: number): string => (own === term ? "written" : "refused");

main(async () => {
  const candidates = new sync.WaitGroup();
  const first = await campaign();
  console.log("ann leads in term", first);
  candidates.go(async () => {
    const second = await campaign();
    console.log("bob leads in term", second);
    console.log("bob:", write(second));
  });
  await time.sleep(5 * lease); // ann's machine is busy
  await candidates.wait();
  console.log("ann:", write(first));
});
