// Whoever comes back looks whether its question is still the latest.
import { gosched, main, sync } from "gocsp";

let [typed, shown] = ["", ""];

const search = async (text: string) => {
  typed = text;
  await gosched(); // the server answers
  if (typed === text) shown = text;
};

main(async () => {
  const questions = new sync.WaitGroup();
  questions.go(search, "g");
  questions.go(search, "go");
  await questions.wait();
  if (shown !== typed) throw new Error("the page shows the answer to an older question");
  console.log("the page is right");
});
