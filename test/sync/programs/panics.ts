// One scenario, named by the first argument, in which something is thrown in the midst of what others wait for.
import { go, gosched, main, sync, time } from "gocsp";

const scenarios: Record<string, () => unknown> = {
  async waitGroupGo() {
    const wg = new sync.WaitGroup();
    const member = async (): Promise<void> => {
      await gosched();
      throw new Error("boom"); // @boom
    };
    wg.go(member); // @wg.go
    try {
      await wg.wait();
      console.log("waited");
    } finally {
      console.log("finally");
    }
  },
  async waitGroupGoAtOnce() {
    const wg = new sync.WaitGroup();
    wg.go(() => {
      throw new Error("boom");
    });
    await wg.wait();
    console.log("waited");
  },
  async negative() {
    const wg = new sync.WaitGroup();
    go(() => wg.done());
    await time.sleep(1000);
  },
  async recovered() {
    const wg = new sync.WaitGroup();
    try {
      wg.done();
    } catch (error) {
      console.log((error as Error).name, (error as Error).message);
    }
  },
  async once() {
    const once = new sync.Once();
    go(() =>
      once.do(async () => {
        await gosched();
        throw new Error("f failed");
      }),
    );
    await time.sleep(1000);
  },
};

main(scenarios[process.argv[2] as string] as () => unknown);
