// Selects that have waited release the values they received: the pooled states that later selects use do not retain
// them.
import { chan, select } from "gocsp";

const references = [];
await (async () => {
  const chans = [0, 1, 2].map(() => chan());
  // Together, so that none reuses the state of another.
  const selects = chans.map((ch) => select({ ch }));
  for (const ch of chans) {
    const value = {};
    references.push(new WeakRef(value));
    ch.trySend(value);
  }
  await Promise.all(selects);
})();

// A weak reference that was made or read keeps its target alive until the end of that turn.
for (let i = 0; i < 3; i++) {
  await new Promise((resolve) => setTimeout(resolve));
  globalThis.gc();
}
console.log(`${references.filter((reference) => reference.deref() !== undefined).length} values are kept`);
