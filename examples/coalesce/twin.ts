// Broken: check, then load. A caller that comes between the two finds the cache still empty, and loads as well.
import { gosched, main, sync } from "gocsp";

let loads = 0;
const cache = new Map<string, string>();

const load = async (page: string): Promise<string> => {
  loads++;
  await gosched(); // a server answers
  return `text of ${page}`;
};

const get = async (page: string): Promise<string> => {
  const known = cache.get(page);
  if (known !== undefined) return known;
  const loaded = await load(page);
  cache.set(page, loaded);
  return loaded;
};

main(async () => {
  const readers = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) readers.go(get, "home");
  await readers.wait();
  if (loads > 1) throw new Error(`one page was loaded ${loads} times`);
  console.log(await get("home"), "after loads:", loads);
});
