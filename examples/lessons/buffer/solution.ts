// The number of notes is known, so the buffer has room for all of them.
import { chan, main } from "gocsp";

main(async () => {
  const notes = chan<string>(3);
  for (const note of ["milk", "eggs", "flour"]) await notes.send(note);
  notes.close();
  console.log("notes:", notes.length);
  for await (const note of notes) console.log(note);
});
