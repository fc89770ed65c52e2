// A program of the old module system.
const { chan, go, main } = require("gocsp");

main(async function start() {
  const ch = chan();
  go(async () => ch.send("received"));
  console.log(await ch.receive());
  await ch.receive(); // @receive
});
