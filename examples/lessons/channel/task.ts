// The goroutines leave their sums in a variable, and main looks at it too early. Let a channel bring them.
import { go, gosched, main } from "gocsp";

let total = 0;

const add = async (numbers: readonly number[]) => {
  for (const n of numbers) {
    await gosched(); // each number takes a while
    total += n;
  }
};

main(async () => {
  go(add, [1, 2]);
  go(add, [3, 4]);
  console.log("total:", total);
});
