// Selects that have waited let go of what they received: nothing of it stays with the states that the next ones use.
import { chan, select } from "gocsp";

const references = [];
await (async () => {
  const chans = [0, 1, 2].map(() => chan());
  // All at once, so that none takes up the state that another has just left.
  const selects = chans.map((ch) => select({ ch }));
  for (const ch of chans) {
    const value = {};
    references.push(new WeakRef(value));
    ch.trySend(value);
  }
  await Promise.all(selects);
})();

// What a weak reference was made or asked for stays until the end of that turn.
for (let i = 0; i < 3; i++) {
  await new Promise((resolve) => setTimeout(resolve));
  globalThis.gc();
}
console.log(`${references.filter((reference) => reference.deref() !== undefined).length} values are kept`);
