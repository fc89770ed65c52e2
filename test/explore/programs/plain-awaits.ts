// Races at awaits that are not of the library. Prints which were found, and whether goroutines were told apart.
import { chan, gosched, sync, time } from "gocsp";
import { explore, ExploreError } from "gocsp/explore";

/** A stand-in for a database: it answers at once. */
const db = {
  load: async (n: number): Promise<number> => n,
  wait: (): Promise<void> => new Promise((resolve) => void Promise.resolve().then(resolve)),
};

const programs: Record<string, () => Promise<void>> = {
  overdrawn: async () => {
    let balance = 100;
    const withdraw = async (amount: number): Promise<void> => {
      if (balance < (await db.load(amount))) return;
      await db.load(1);
      balance -= amount;
    };
    const wg = new sync.WaitGroup();
    wg.go(withdraw, 80);
    wg.go(withdraw, 80);
    await wg.wait();
    if (balance < 0) throw new Error("overdrawn");
  },
  "opened twice": async () => {
    let connection: object | undefined;
    let opened = 0;
    const open = async (): Promise<object> => {
      if (connection !== undefined) return connection;
      await db.wait();
      opened++;
      return (connection = {});
    };
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 2; i++) wg.go(open);
    await wg.wait();
    if (opened > 1) throw new Error("opened twice");
  },
  "an old answer": async () => {
    let [shown, typed] = ["", ""];
    const show = async (query: string): Promise<void> => {
      typed = query;
      try {
        await Promise.all([db.wait(), db.load(1)]);
        throw new Error(query);
      } catch (error) {
        shown = (error as Error).message;
      }
    };
    const wg = new sync.WaitGroup();
    wg.go(show, "g");
    wg.go(show, "go");
    await wg.wait();
    if (shown !== typed) throw new Error("an old answer");
  },
  // Between the end of one function and the call of the next there is an await, too.
  "the halves of a transfer": async () => {
    const accounts = [100, 100] as [number, number];
    const [first, second] = [new sync.Mutex(), new sync.Mutex()];
    const change = async (mu: sync.Mutex, i: 0 | 1, amount: number): Promise<void> => {
      using _ = await mu.lock();
      accounts[i] += amount;
    };
    const wg = new sync.WaitGroup();
    wg.go(async () => {
      await change(first, 0, -10);
      await change(second, 1, 10);
    });
    wg.go(async () => {
      using _1 = await first.lock();
      using _2 = await second.lock();
      if (accounts[0] + accounts[1] !== 200) throw new Error("the halves of a transfer");
    });
    await wg.wait();
  },
  // Goroutines that await each other's promises: each operation must still be its own goroutine's.
  "identity holds": async () => {
    const shared: { flight?: Promise<number> } = {};
    const results = chan<number>(8);
    const load = async (): Promise<number> => {
      await gosched();
      await time.sleep(1);
      return 1;
    };
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 3; i++) {
      wg.go(async () => {
        const value = await (shared.flight ??= load());
        await results.send(value);
      });
    }
    await wg.wait();
    if (results.length === 3) throw new Error("identity holds");
  },
};

const failures: string[] = [];
let awaits = "not explored";
let line = "";
for (const [name, program] of Object.entries(programs)) {
  try {
    const result = await explore(program, { runs: 2000, seed: 1 });
    if (result.awaits === "explored") awaits = "explored";
  } catch (error) {
    if (!(error instanceof ExploreError)) throw error;
    const { message } = error.cause as Error;
    if (message !== name) throw error;
    failures.push(message);
    if (error.transcript.some((text) => text.includes("is interrupted   plain-awaits.ts"))) awaits = "explored";
    line ||= error.transcript.find((text) => text.includes("plain-awaits.ts")) ?? "";
  }
}
console.log(JSON.stringify({ failures, awaits, line }));
