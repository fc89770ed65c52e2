// Deferred calls: their order, their arguments, recover, and results that they change.
import { main } from "gocsp";
import { bound, deferringSync, div, panic, type Recover, recovered, type Ref, ref } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class File {
  name = "";
  log!: Ref<string[]>;

  constructor(init?: Partial<File>) {
    Object.assign(this, init);
  }

  close(): Error {
    this.log.value = [...this.log.value, "close " + this.name];
    return new Error("closing " + this.name);
  }
}

function order(): void {
  using deferred = new DisposableStack();
  for (let i = 0; i < 3; i++) {
    deferred.defer(bound(fmt.println, "deferred", i));
  }
  console.log("body");
}

function write(log: Ref<string[]>, fail: boolean): [number, Error | undefined] {
  let n = 0;
  let err = undefined as Error | undefined;
  return deferringSync((deferred) => {
    const f = new File({ name: "data", log });
    deferred(() => {
      const e = f.close();
      if (err === undefined) {
        err = e;
      }
    });
    if (fail) {
      [n, err] = [3, new Error("disk full")];
      return undefined;
    }
    n = 7;
    [n, err] = [n, undefined];
    return undefined;
  }, (): [number, Error | undefined] => [n, err]);
}

function safe(divide: () => number): [number, Error | undefined] {
  let result = 0;
  let err = undefined as Error | undefined;
  try {
    [result, err] = [divide(), undefined];
    return [result, err];
  } catch (thrown) {
    const r = recovered(thrown);
    err = fmt.errorf("recovered: %v", r);
  }
  return [result, err];
}

function twice(): string {
  let text = "";
  return deferringSync((deferred) => {
    deferred((recover) => {
      text += " and " + fmt.sprint(recover());
    });
    deferred((recover) => {
      text = fmt.sprint(recover());
      panic("second");
    });
    panic("first");
  }, (): string => text);
}

class Catcher {
  caught: unknown;

  constructor(init?: Partial<Catcher>) {
    Object.assign(this, init);
  }

  catch(recover: Recover): void {
    this.caught = recover();
  }

  run(f: () => void): void {
    deferringSync((deferred) => {
      deferred((recover) => this.catch(recover));
      f();
    });
  }
}

main(() => {
  using deferred = new DisposableStack();
  order();
  const log = ref<string[]>([]);
  fmt.println(...write(log, false));
  fmt.println(...write(log, true));
  fmt.println(log.value);

  const zero_ = 0;
  fmt.println(...safe(() => div(10, (zero_ + 2))));
  fmt.println(...safe(() => div(10, zero_)));
  fmt.println(...safe(() => panic("no number")));
  console.log(twice());

  const c = new Catcher();
  c.run(() => panic(42));
  fmt.println(c.caught);
  c.run(() => {});
  fmt.println(c.caught);

  let i = 1;
  deferred.defer(bound(fmt.println, "at the end:", i));
  if (i === 1) {
    deferred.defer(() => {
      console.log("in a block:", i);
    });
  }
  i = 2;
});
