// A chat room: one goroutine owns the list of members and hands every line to all of them; joining and leaving are
// messages like any other. A member who does not keep up loses lines, and never holds up the room.
import { type Chan, chan, go, main, nilChan, select } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Member {
  name = "";
  lines: Chan<string> = nilChan();

  constructor(init?: Partial<Member>) {
    Object.assign(this, init);
  }
}

class Line {
  from = "";
  text = "";

  constructor(init?: Partial<Line>) {
    Object.assign(this, init);
  }
}

class Room {
  join: Chan<Member> = nilChan();
  leave: Chan<Member> = nilChan();
  say: Chan<Line> = nilChan();
  quit: Chan<Chan<void>> = nilChan();

  constructor(init?: Partial<Room>) {
    Object.assign(this, init);
  }

  async run(): Promise<void> {
    let members: Member[] = [];
    const tell = (text: string) => {
      for (const m of members.slice()) {
        m.lines.trySend(text);
      }
    };
    for (;;) {
      const op = await select({
        join: this.join,
        leave: this.leave,
        say: this.say,
        quit: this.quit,
      });
      switch (op.case) {
        case "join": {
          const m = op.value!;
          members.push(m);
          tell(m.name + " joins");
          break;
        }
        case "leave": {
          const m = op.value!;
          for (const [i, other] of members.slice().entries()) {
            if (other === m) {
              members.splice(i, 1);
              m.lines.close();
              tell(m.name + " leaves");
              break;
            }
          }
          break;
        }
        case "say": {
          const l = op.value!;
          tell(l.from + ": " + l.text);
          break;
        }
        case "quit": {
          const done = op.value!;
          for (const m of members) {
            m.lines.close();
          }
          done.close();
          return;
        }
      }
    }
  }

  async enter(name: string, mailbox: number): Promise<Member> {
    const m = new Member({ name, lines: chan<string>(mailbox) });
    await this.join.send(m);
    return m;
  }
}

function newRoom(): Room {
  const r = new Room({ join: chan<Member>(), leave: chan<Member>(), say: chan<Line>(), quit: chan<Chan<void>>() });
  go(() => r.run());
  return r;
}

main(async () => {
  const r = newRoom();
  const ann = await r.enter("ann", 10);
  const bob = await r.enter("bob", 10);
  await r.say.send(new Line({ from: "ann", text: "hello bob" }));
  await r.say.send(new Line({ from: "bob", text: "hello ann" }));
  const tim = await r.enter("tim", 2); // reads nothing, and has room for two lines
  await r.say.send(new Line({ from: "ann", text: "hello tim" }));
  await r.say.send(new Line({ from: "bob", text: "he does not listen" }));
  await r.leave.send(bob);
  await r.leave.send(bob); // twice does no harm
  await r.say.send(new Line({ from: "ann", text: "bye" }));
  const done = chan<void>();
  await r.quit.send(done);
  await done.receive();

  for (const m of [ann, bob, tim]) {
    fmt.println(m.name, "heard:");
    for await (const text of m.lines) {
      console.log(" ", text);
    }
  }
});
