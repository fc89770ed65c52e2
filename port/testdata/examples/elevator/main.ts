// An elevator: a goroutine that owns its floor and its list of stops. To call it is to send, to get in is to wait until
// the doors open. It serves all stops in its direction before it turns round; while it moves, further calls come in.
import { type Chan, chan, go, main, nilChan, type ReceiveChan, select } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

const top = 6;

class Call {
  floor = 0;
  doors: Chan<void> = nilChan(); // closed when the doors open there

  constructor(init?: Partial<Call>) {
    Object.assign(this, init);
  }
}

class Elevator {
  calls: Chan<Call> = nilChan();
  clock: Chan<boolean> = nilChan(); // one floor per tick; the elevator answers whether the doors are open

  constructor(init?: Partial<Elevator>) {
    Object.assign(this, init);
  }

  async run(floor: number): Promise<void> {
    const stops = new Map<number, Call[]>();
    let direction = 1;
    const ahead = (): boolean => {
      for (let f = floor + direction; f >= 0 && f <= top; f += direction) {
        if ((stops.get(f) ?? []).length > 0) {
          return true;
        }
      }
      return false;
    };
    for (;;) {
      const op = await select({ calls: this.calls, clock: this.clock });
      switch (op.case) {
        case "calls": {
          const c = op.value!;
          stops.set(c.floor, [...(stops.get(c.floor) ?? []), c]);
          break;
        }
        case "clock":
          if (!ahead()) {
            direction = -direction;
            if (!ahead()) {
              await this.clock.send(false); // nobody wants anything
              continue;
            }
            fmt.println("turns round on floor", floor);
          }
          floor += direction;
          if ((stops.get(floor) ?? []).length === 0) {
            await this.clock.send(false);
            continue;
          }
          fmt.println("doors open on floor", floor);
          for (const c of stops.get(floor) ?? []) {
            c.doors.close();
          }
          stops.delete(floor);
          await this.clock.send(true);
      }
    }
  }
}

main(async () => {
  const e = new Elevator({ calls: chan<Call>(), clock: chan<boolean>() });
  go(() => e.run(2));

  const press = async (floor: number): Promise<ReceiveChan<void>> => {
    const c = new Call({ floor, doors: chan<void>() });
    await e.calls.send(c);
    return c.doors;
  };
  const tick = async (): Promise<boolean> => {
    await e.clock.send(true);
    return (await e.clock.receive()) ?? false;
  };
  // ride ticks the clock until the doors open.
  const ride = async (doors: ReceiveChan<void>) => {
    for (;;) {
      if (doors.tryReceive() !== undefined) {
        return;
      } else {
        await tick();
      }
    }
  };

  const fifth = await press(5);
  const ground = await press(0);
  console.log("doors are open:", await tick());
  const fourth = await press(4); // on the way
  const third = await press(3); // already there: it has to come back
  const again = await press(3);
  await ride(fourth);
  await ride(fifth);
  await ride(third);
  await again.receive();
  await ride(ground);
  console.log("doors are open:", await tick()); // nobody wants anything
  await ride(await press(6));
});
