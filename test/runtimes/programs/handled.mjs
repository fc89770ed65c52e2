// With a handler of uncaught errors: it gets a panic, and the program goes on.
import process from "node:process";
import { chan, go } from "gocsp";

process.on("uncaughtExceptionMonitor", (error) => console.log(`monitor ${error.message}`));
const handled = new Promise((resolve) => process.on("uncaughtException", resolve));
go(() => {
  throw new Error("boom");
});
console.log(`handler ${(await handled).message}`);
const ch = chan();
go(() => ch.send("goroutines go on"));
console.log(await ch.receive());
