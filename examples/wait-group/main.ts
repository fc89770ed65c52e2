// Fan-out with a WaitGroup: one goroutine per part, each writes only its own place, and after wait all of them are
// visible. The group may be used again, and a goroutine may add others before it is done.
import { chan, defer, go, main, sync } from "gocsp";

interface Node {
  readonly value: number;
  readonly left: Node | undefined;
  readonly right: Node | undefined;
}

const tree = (from: number, to: number): Node | undefined => {
  if (from > to) return undefined;
  const middle = Math.floor((from + to) / 2);
  return { value: middle, left: tree(from, middle - 1), right: tree(middle + 1, to) };
};

main(async () => {
  const words = ["fan", "out", "and", "gather", "again"];
  const wg = new sync.WaitGroup();
  const lengths = Array<number>(words.length).fill(0);
  for (const [i, word] of words.entries()) {
    wg.add(1);
    go(() => {
      using _ = defer(() => wg.done());
      lengths[i] = word.length;
    });
  }
  await wg.wait();
  console.log(`[${lengths.join(" ")}]`);

  for (let i = 0; i < lengths.length; i++) wg.go(() => (lengths[i]! *= 10));
  await wg.wait();
  console.log(`[${lengths.join(" ")}]`);

  let [sum, nodes] = [0, 0];
  const visit = (n: Node | undefined) => {
    if (n === undefined) return;
    wg.go(visit, n.left);
    wg.go(visit, n.right);
    sum += n.value;
    nodes++;
  };
  wg.go(visit, tree(1, 100));
  await wg.wait();
  console.log("sum", sum, "nodes", nodes);

  const several = new sync.WaitGroup();
  const woken = chan<number>(3);
  wg.add(1);
  for (let id = 0; id < 3; id++) {
    several.go(async () => {
      await wg.wait();
      await woken.send(id);
    });
  }
  console.log("woken before done:", woken.length);
  wg.done();
  await several.wait();
  console.log("woken after done:", woken.length);
});
