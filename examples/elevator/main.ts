// An elevator: a goroutine that owns its floor and its list of stops. A call is a send; a passenger waits until the
// doors open. It serves all stops in its direction before it turns around; while it moves, further calls come in.
import { type Chan, chan, go, main, type ReceiveChan, select } from "gocsp";

const top = 6;

type Call = { floor: number; doors: Chan<never> }; // doors is closed when they open there

class Elevator {
  readonly calls = chan<Call>();
  readonly clock = chan<boolean>(); // one floor per tick; the elevator answers whether the doors are open

  async run(floor: number) {
    const stops = new Map<number, Call[]>();
    let direction = 1;
    const ahead = (): boolean => {
      for (let f = floor + direction; f >= 0 && f <= top; f += direction) {
        if (stops.has(f)) return true;
      }
      return false;
    };
    for (;;) {
      const op = await select({ call: this.calls, tick: this.clock });
      switch (op.case) {
        case "call":
          const call = op.value!;
          stops.set(call.floor, [...(stops.get(call.floor) ?? []), call]);
          break;
        case "tick":
          if (!ahead()) {
            direction = -direction;
            if (!ahead()) {
              await this.clock.send(false); // no calls
              continue;
            }
            console.log("turns round on floor", floor);
          }
          floor += direction;
          const waiting = stops.get(floor);
          if (!waiting) {
            await this.clock.send(false);
            continue;
          }
          console.log("doors open on floor", floor);
          for (const { doors } of waiting) doors.close();
          stops.delete(floor);
          await this.clock.send(true);
      }
    }
  }
}

main(async () => {
  const e = new Elevator();
  go(() => e.run(2));

  const press = async (floor: number): Promise<ReceiveChan<never>> => {
    const doors = chan<never>();
    await e.calls.send({ floor, doors });
    return doors;
  };
  const tick = async () => {
    await e.clock.send(true);
    return await e.clock.receive();
  };
  /** Ticks the clock until the doors open. */
  const ride = async (doors: ReceiveChan<never>) => {
    while (!doors.tryReceive()) await tick();
  };

  const [fifth, ground] = [await press(5), await press(0)];
  console.log("doors are open:", await tick());
  const fourth = await press(4); // on the way
  const third = await press(3); // already there: it has to come back
  const again = await press(3);
  await ride(fourth);
  await ride(fifth);
  await ride(third);
  await again.receive();
  await ride(ground);
  console.log("doors are open:", await tick()); // no calls
  await ride(await press(6));
});
