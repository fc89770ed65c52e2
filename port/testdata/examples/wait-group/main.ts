// Fan-out with a WaitGroup: one goroutine per part, each writes only its own place, and whoever waits sees all of
// them. The group may be used again, and a goroutine may add others before it is done.
import { chan, defer, go, main, sync } from "gocsp";
import { len } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Node {
  value = 0;
  left: Node | undefined;
  right: Node | undefined;

  constructor(init?: Partial<Node>) {
    Object.assign(this, init);
  }
}

function tree(from: number, to: number): Node | undefined {
  if (from > to) {
    return undefined;
  }
  const middle = Math.trunc((from + to) / 2);
  return new Node({ value: middle, left: tree(from, middle - 1), right: tree(middle + 1, to) });
}

main(async () => {
  const words = ["fan", "out", "and", "gather", "again"];
  const wg = new sync.WaitGroup();
  const lengths = new Array<number>(words.length).fill(0);
  for (const [i, word] of words.entries()) {
    wg.add(1);
    go(() => {
      using _ = defer(() => wg.done());
      lengths[i] = len(word);
    });
  }
  await wg.wait();
  fmt.println(lengths);

  for (const i of lengths.keys()) {
    wg.go(() => {
      lengths[i]! *= 10;
    });
  }
  await wg.wait();
  fmt.println(lengths);

  // mu: no section of this mutex waits, so nobody needs it here.
  let sum = 0;
  let nodes = 0;
  let visit: ((n: Node | undefined) => void) | undefined;
  visit = (n: Node | undefined) => {
    if (n === undefined) {
      return;
    }
    wg.go(() => visit!(n.left));
    wg.go(() => visit!(n.right));
    sum += n.value;
    nodes++;
  };
  wg.go(() => visit!(tree(1, 100)));
  await wg.wait();
  fmt.println("sum", sum, "nodes", nodes);

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
