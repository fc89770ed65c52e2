// Leader election with a lease: whoever takes the lease leads for a while, in a term with a number. A leader who slept through
// the end of its lease still believes that it leads: the store refuses what comes with the number of an older term.
import { main, sync } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

const lease = 20 * time.millisecond;

// mu: no section of this mutex waits, so nobody needs it here.
let term = 0;
let until: time.Time = time.zero();

async function campaign(): Promise<number> {
  while (time.now().before(until)) {
    const left = time.until(until);
    await time.sleep(left);
  }
  until = time.now().add(lease);
  term++;
  return term;
}

function write(own: number): string {
  if (own === term) {
    return "written";
  }
  return "refused";
}

main(async () => {
  const candidates = new sync.WaitGroup();
  const first_ = await campaign();
  fmt.println("ann leads in term", first_);
  candidates.go(async () => {
    const second = await campaign();
    fmt.println("bob leads in term", second);
    console.log("bob:", write(second));
  });
  await time.sleep(5 * lease); // ann's machine is busy
  await candidates.wait();
  console.log("ann:", write(first_));
});
