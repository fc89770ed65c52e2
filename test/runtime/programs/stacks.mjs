// A panic or a deadlock (second argument) in a program that has changed how the engine makes stacks (first argument).
import { chan, go, gosched, main } from "gocsp";

const changes = {
  "call sites": () => (Error.prepareStackTrace = (_, sites) => sites),
  nothing: () => (Error.prepareStackTrace = () => undefined),
  throwing: () => {
    Error.prepareStackTrace = () => {
      throw new Error("in prepareStackTrace");
    };
  },
  "no frames": () => (Error.stackTraceLimit = 0),
  "no limit": () => delete Error.stackTraceLimit,
  "a frozen Error": () => Object.freeze(Error),
};

changes[process.argv[2]]();
main(async function start() {
  if (process.argv[3] === "panic") {
    go(async function work() {
      await gosched();
      throw new Error("panic");
    });
  }
  await chan().receive();
});
