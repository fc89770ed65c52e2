// Request coalescing: three ask for the same page while it is being loaded, and it is loaded once. The first becomes the
// load, the others wait for its result; a cache alone would not help, because it is empty until the load is over.
import { gosched, main, sync } from "gocsp";
import * as singleflight from "gocsp/singleflight";

let loads = 0;
const cache = new Map<string, string>();
const flights = new singleflight.Group<string>();

const load = async (page: string): Promise<string> => {
  loads++;
  await gosched(); // a server answers
  return `text of ${page}`;
};

const get = async (page: string): Promise<string> => {
  const known = cache.get(page);
  if (known !== undefined) return known;
  const [text] = await flights.do(page, async () => {
    const loaded = await load(page);
    cache.set(page, loaded);
    return loaded;
  });
  return text;
};

main(async () => {
  const readers = new sync.WaitGroup();
  for (let i = 0; i < 3; i++) readers.go(get, "home");
  await readers.wait();
  console.log(await get("home"), "after loads:", loads);
});
