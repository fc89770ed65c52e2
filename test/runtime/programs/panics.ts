// One scenario, named by the first argument, in which something is thrown.
import { chan, defer, go, gosched, main, nilChan, select, time } from "gocsp";
import { goexit } from "gocsp/runtime";

class Temperature {
  readonly degrees = 451;

  toString(): string {
    return `${this.degrees} degrees`;
  }
}

/** A main that ends normally unless a panic ends it before. */
async function survive(): Promise<void> {
  try {
    await time.sleep(500);
    console.log("alive");
  } finally {
    console.log("main's finally");
  }
}

function thrower(value: unknown): never {
  throw value; // @thrower
}

const scenarios: Record<string, () => unknown> = {
  async atOnce() {
    const work = (): never => {
      throw new Error("at once"); // @at-once
    };
    go(work); // @at-once-go
    await survive();
  },
  async later() {
    const work = async (): Promise<never> => {
      await gosched();
      throw new Error("later"); // @later
    };
    go(work); // @later-go
    await survive();
  },
  async rejected() {
    go(() => Promise.reject(new Error("rejected")));
    await survive();
  },
  async nested() {
    const inner = async (): Promise<void> => {
      await gosched();
      throw new Error("nested"); // @inner
    };
    go(async function outer() {
      await inner(); // @outer
    });
    await survive();
  },
  async inMain() {
    await gosched();
    throw new Error("in main"); // @in-main
  },
  inMainAtOnce() {
    throw new Error("in main at once"); // @in-main-at-once
  },
  async afterFunc() {
    time.afterFunc(1, () => {
      throw new Error("late"); // @after-func
    });
    await survive();
  },
  async afterFuncAsync() {
    time.afterFunc(1, async () => {
      await gosched();
      throw new Error("late"); // @after-func-async
    });
    await survive();
  },
  async library() {
    go(async function work() {
      const ch = chan<number>();
      ch.close();
      await ch.send(1); // @library
    });
    await survive();
  },
  async parkedSender() {
    const ch = chan<number>();
    go(async function work() {
      await ch.send(1); // @parked
    });
    await time.sleep(1);
    ch.close();
    await survive();
  },
  async script() {
    const nothing = undefined as unknown as { field: () => void };
    go(() => nothing.field());
    await survive();
  },
  async two() {
    using _ = defer(thrower, new Error("second"));
    throw new Error("first"); // @first
  },
  async three() {
    using _ = defer(thrower, new Error("third"));
    using _1 = defer(thrower, "second");
    throw new Error("first");
  },
  async others() {
    const never = chan<void>();
    for (const wait of [() => never.receive(), () => select({}), () => time.sleep(1000), () => nilChan().receive()]) {
      go(async () => {
        try {
          await wait();
        } finally {
          console.log("another's finally");
        }
      });
    }
    go(async () => {
      try {
        using _ = defer(console.log, "its own deferred call");
        await time.sleep(1);
        throw new Error("others");
      } finally {
        console.log("its own finally");
      }
    });
    await survive();
  },
  async recovered() {
    go(async () => {
      try {
        thrower(new Error("recovered"));
      } catch (error) {
        console.log((error as Error).message);
      }
    });
    await survive();
  },
  async notByMain() {
    try {
      go(async () => {
        await gosched();
        throw new Error("unseen");
      });
      await survive();
    } catch {
      console.log("main has recovered it");
    }
  },
  async goNil() {
    try {
      go(undefined as never); // @go-nil
    } catch {
      console.log("recovered");
    } finally {
      console.log("finally");
    }
  },
  async goexit() {
    go(async () => {
      using _ = defer(console.log, "deferred");
      goexit();
    });
    await survive();
  },
  async goexitOverPanic() {
    go(async () => {
      using _ = defer(goexit);
      throw new Error("aborted");
    });
    await survive();
  },
  async panicOverGoexit() {
    go(async () => {
      using _ = defer(thrower, new Error("thrown while leaving"));
      goexit();
    });
    await survive();
  },
  async panicOverGoexitOverPanic() {
    go(async () => {
      using _ = defer(thrower, new Error("last"));
      using _1 = defer(goexit);
      throw new Error("first");
    });
    await survive();
  },
  async goexitInMain() {
    go(survive);
    goexit();
  },
  async goexitAfterOutput() {
    process.stdout.write("x".repeat(1 << 22));
    goexit();
  },
  async goexitBeforeOutput() {
    go(() => process.stdout.write("x".repeat(1 << 22)));
    goexit();
  },
  async goexitInMainAsleep() {
    go(async () => chan().receive());
    goexit();
  },
  async thenGetter() {
    go(() => ({
      // oxlint-disable-next-line unicorn/no-thenable
      get then() {
        throw new Error("in then");
      },
    }));
    go(async () => console.log("the next goroutine"));
    await survive();
  },
  async exitListener() {
    process.on("exit", (code) => console.log(`exit ${code}`));
    go(() => thrower(new Temperature()));
    await survive();
  },
};

main(scenarios[process.argv[2] as string] as () => unknown);
