// Broken: the buffer is larger than a usual day's post, so it works on most days. The third letter finds it full.
import { chan, main } from "gocsp";

main(async () => {
  const box = chan<string>(2);
  for (const letter of ["letter 1", "letter 2", "letter 3"]) await box.send(letter);
  box.close();
  for await (const letter of box) console.log(letter);
});
