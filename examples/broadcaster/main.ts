// A chat room: one goroutine owns the list of members and hands every line to all of them; joining and leaving are
// messages like any other. A member who does not keep up loses lines, and never delays the room.
import { type Chan, chan, go, main, select, type SendChan } from "gocsp";

type Member = { name: string; lines: Chan<string> };
type Line = { from: string; text: string };

class Room {
  readonly join = chan<Member>();
  readonly leave = chan<Member>();
  readonly say = chan<Line>();
  readonly quit = chan<SendChan<never>>();

  constructor() {
    go(() => this.run());
  }

  async run() {
    const members: Member[] = [];
    const tell = (text: string) => {
      for (const m of members) m.lines.trySend(text); // false if the mailbox is full: the line is lost for this member
    };
    for (;;) {
      const op = await select({ join: this.join, leave: this.leave, say: this.say, quit: this.quit });
      if (!op.ok) return;
      switch (op.case) {
        case "join":
          members.push(op.value);
          tell(`${op.value.name} joins`);
          break;
        case "leave":
          const i = members.indexOf(op.value);
          if (i < 0) break;
          members.splice(i, 1);
          op.value.lines.close();
          tell(`${op.value.name} leaves`);
          break;
        case "say":
          tell(`${op.value.from}: ${op.value.text}`);
          break;
        case "quit":
          for (const m of members) m.lines.close();
          op.value.close();
          return;
      }
    }
  }

  async enter(name: string, mailbox: number): Promise<Member> {
    const m: Member = { name, lines: chan<string>(mailbox) };
    await this.join.send(m);
    return m;
  }
}

main(async () => {
  const r = new Room();
  const ann = await r.enter("ann", 10);
  const bob = await r.enter("bob", 10);
  await r.say.send({ from: "ann", text: "hello bob" });
  await r.say.send({ from: "bob", text: "hello ann" });
  const tim = await r.enter("tim", 2); // reads nothing, and has room for two lines
  await r.say.send({ from: "ann", text: "hello tim" });
  await r.say.send({ from: "bob", text: "he does not listen" });
  await r.leave.send(bob);
  await r.leave.send(bob); // twice does no harm
  await r.say.send({ from: "ann", text: "bye" });
  const done = chan<never>();
  await r.quit.send(done);
  await done.receive();

  for (const m of [ann, bob, tim]) {
    console.log(m.name, "heard:");
    for await (const text of m.lines) console.log(" ", text);
  }
});
