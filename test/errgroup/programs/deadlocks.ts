// One scenario, named by the first argument, in which everything falls asleep. The comments mark the lines that the
// report must name.
import { chan, context, go, main } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";

const background = context.background();
const never = chan<number>();

const scenarios: Record<string, () => unknown> = {
  async group() {
    const group = new errgroup.Group();
    const member = async (): Promise<void> => {
      await never.receive(); // @member
    };
    void group.go(member); // @started by go
    group.tryGo(member); // @started by tryGo
    await group.wait(); // @group.wait
  },
  async limit() {
    const group = new errgroup.Group();
    group.setLimit(0);
    await group.go(() => undefined); // @group.go
  },
  async semaphore() {
    const sem = new semaphore.Weighted(1);
    await sem.acquire(background, 1);
    const greedy = async (): Promise<void> => {
      await sem.acquire(background, 2); // @too many
    };
    go(greedy); // @go
    await sem.acquire(background, 1); // @acquire
  },
  async singleflight() {
    const flights = new singleflight.Group<void>();
    const itself = async (): Promise<void> => {
      await flights.do("key", itself); // @inner do
    };
    await flights.do("key", itself); // @do
  },
};

main(scenarios[process.argv[2] ?? ""] as () => unknown);
