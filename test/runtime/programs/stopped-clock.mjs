// A host that stops the clock while code runs, against timing attacks. Goroutines that never wait must let it turn all
// the same.
performance.now = () => 1;
const { chan, go } = await import("gocsp");

const end = (text) => {
  console.log(text);
  process.exit();
};
setImmediate(() => end("the event loop has turned"));

const ch = chan();
go(async () => {
  for (;;) await ch.send(1);
});
for (let received = 0; received < 1_000_000; received++) await ch.receive();
end("never");
