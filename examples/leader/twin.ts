// Broken: a leader looks at its lease, and then writes. If its machine is busy in between, the lease may have passed to
// another, and the old leader's write comes after the new one's.
import { main, sync, time } from "gocsp";

const lease = 20 * time.millisecond;
let [until, value] = [0, ""];

const lead = async (name: string, pause: number) => {
  while (Date.now() < until) await time.sleep(until - Date.now());
  until = Date.now() + lease;
  const own = until;
  if (Date.now() >= own) return; // it looks …
  await time.sleep(pause); // … its machine is busy …
  if (value === "bob's") throw new Error(`${name} has overwritten what a later leader wrote`);
  value = `${name}'s`; // … it writes
};

main(async () => {
  const candidates = new sync.WaitGroup();
  candidates.go(lead, "ann", lease);
  candidates.go(lead, "bob", 0);
  await candidates.wait();
  console.log("the last leader wrote", value);
});
