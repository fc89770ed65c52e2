import { chan, go, nilChan, select, selectList, send } from "gocsp";
import { check, equal, panics, text, thrownBy } from "./check.mjs";

await check("select receives from the channel that is ready", async () => {
  const ready = chan(1);
  await ready.send(7);
  const op = await select({ never: chan(), ready });
  equal([op.case, op.value, op.ok], ["ready", 7, true]);
});

await check("select waits, and its loser loses nothing", async () => {
  const [first, second] = [chan(), chan()];
  go(() => first.send("one"));
  equal((await select({ first, second })).value, "one");
  equal(second.trySend("nobody waits any more"), false);
});

await check("select sends", async () => {
  const ch = chan(1);
  equal((await select({ sent: send(ch, 8) })).case, "sent");
  equal(await ch.receive(), 8);
});

await check("select takes default when nothing is ready", async () => {
  equal((await select({ never: chan(), default: true })).case, "default");
});

await check("a closed channel is always ready in a select", async () => {
  const ch = chan();
  ch.close();
  const op = await select({ ch, default: true });
  equal([op.case, op.ok], ["ch", false]);
  await panics("send on closed channel", () => select({ sent: send(ch, 1) }));
});

await check("nil channels disable their cases", async () => {
  const op = await select({ a: null, b: undefined, c: nilChan(), d: false, e: send(null, 1), default: true });
  equal(op.case, "default");
});

await check("select chooses at random among the ready cases", async () => {
  const [heads, tails] = [chan(), chan()];
  heads.close();
  tails.close();
  const chosen = { heads: 0, tails: 0 };
  for (let i = 0; i < 400; i++) chosen[(await select({ heads, tails })).case]++;
  // Ten standard deviations from the middle: once in 10^23 runs.
  if (chosen.heads < 100 || chosen.tails < 100) throw new Error(text(chosen));
});

await check("what is no object of named cases is refused, not waited for", async () => {
  for (const wrong of [null, undefined, chan(), new Map(), Promise.resolve(), [chan()], { __proto__: chan() }]) {
    const error = await thrownBy(() => select(wrong));
    equal(error instanceof TypeError, true);
    equal(error.message.startsWith("select: the cases must be a plain object, got "), true);
  }
});

await check("a list of cases tells the index", async () => {
  const chans = [chan(), null, chan(1)];
  equal(await selectList(chans, { default: true }), { index: -1, value: undefined, ok: false });
  const selecting = selectList(chans);
  chans[2].trySend(7);
  equal(await selecting, { index: 2, value: 7, ok: true });
});
