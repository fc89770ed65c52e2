// Request coalescing: three ask for the same page while it is being loaded, and it is loaded once. The first becomes the
// load, the others wait for its result; a cache alone would not help, because it is empty until the load is over.
import { type Chan, chan, gosched, main, nilChan, sync } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

/** A flight is a load that is under way, as in golang.org/x/sync/singleflight. */
class Flight {
  done: Chan<void> = nilChan();
  text = "";

  constructor(init?: Partial<Flight>) {
    Object.assign(this, init);
  }
}

// mu: no section of this mutex waits, so nobody needs it here.
let loads = 0;
const cache = new Map<string, string>();
const flights = new Map<string, Flight>();

async function load(page: string): Promise<string> {
  loads++;
  await gosched(); // a server answers
  return "text of " + page;
}

async function get(page: string): Promise<string> {
  const known = cache.get(page) ?? "";
  const ok = cache.has(page);
  if (ok) {
    return known;
  }
  const running = flights.get(page);
  const ok1 = running !== undefined;
  if (ok1) {
    await running.done.receive();
    return running.text;
  }
  const own = new Flight({ done: chan<void>() });
  flights.set(page, own);
  own.text = await load(page);
  cache.set(page, own.text);
  flights.delete(page);
  own.done.close();
  return own.text;
}

main(async () => {
  const readers = new sync.WaitGroup();
  for (let i = 0; i < 3; i++) {
    readers.go(async () => {
      await get("home");
    });
  }
  await readers.wait();
  fmt.println(await get("home"), "after loads:", loads);
});
