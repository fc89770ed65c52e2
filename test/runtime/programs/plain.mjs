// A plain module, without main, in the form that the first argument names.
import { chan, go, select } from "gocsp";

switch (process.argv[2]) {
  case "parked":
    go(async () => {
      try {
        await select({});
      } finally {
        console.log("finally");
      }
    });
    go(async () => chan().receive());
    console.log("the module has ended");
    break;
  case "import only":
    await new Promise(() => undefined);
    break;
  case "await":
    await chan().receive(); // @await
    break;
  case "exit code":
    process.exitCode = 5;
    go(async () => chan().receive());
    break;
  case "rejected": {
    const ch = chan();
    go(async () => ch.receive());
    void Promise.reject(new Error("not of a goroutine"));
    break;
  }
}
