// Three notes are written before anybody reads. Give them room.
import { chan, main } from "gocsp";

main(async () => {
  const notes = chan<string>();
  for (const note of ["milk", "eggs", "flour"]) await notes.send(note);
  notes.close();
  console.log("notes:", notes.length);
  for await (const note of notes) console.log(note);
});
