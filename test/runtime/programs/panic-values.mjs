// Throws the value that the first argument names, out of a goroutine.
import { runInNewContext } from "node:vm";
import { go, gosched, main, time } from "gocsp";

const cyclic = new Error("cyclic");
cyclic.cause = cyclic;

const ring = new Error("one");
ring.cause = new Error("two", { cause: ring });

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const refuse = () => {
  throw new Error("the report must not ask");
};

const values = {
  string: "as is",
  empty: "",
  lines: "one\ntwo\n three",
  errorLines: new Error("one\ntwo"),
  number: 42,
  float: 1.5,
  boolean: false,
  bigint: 10n,
  symbol: Symbol("s"),
  undefined,
  null: null,
  object: { a: 1 },
  array: [1, 2],
  stringer: { toString: () => "I am a stringer" },
  date: new Date(0),
  noPrototype: Object.assign(Object.create(null), { a: 1 }),
  cyclicObject: (() => {
    const object = {};
    object.self = object;
    return object;
  })(),
  badToString: { toString: refuse },
  proxy: new Proxy({}, { get: refuse, getPrototypeOf: refuse }),
  revoked: revoked.proxy,
  cause: new Error("outer", { cause: new Error("inner", { cause: "innermost" }) }),
  cyclic,
  ring,
  typeError: new TypeError("of the wrong type"),
  coded: Object.assign(new Error("with a code"), { name: "Coded", code: "E42" }),
  noMessage: new Error(),
  badMessage: Object.defineProperty(new Error("x"), "message", { get: refuse }),
  badStack: Object.assign(new Error("no text for a stack"), { stack: 42 }),
  noStack: Object.assign(new Error("no stack"), { stack: undefined }),
  fakeFrames: new Error("first line\n    at fake (file:///fake.js:1:2)"),
  aggregate: new AggregateError([new Error("one"), new Error("two")], "both failed"),
  aggregateAlone: new AggregateError([new Error("one"), new Error("two")]),
  otherRealm: runInNewContext("new Error('of another realm')"),
  domException: new DOMException("aborted", "AbortError"),
};

main(async () => {
  const value = values[process.argv[2]];
  if (process.argv[3] === "sync") {
    go(() => {
      throw value;
    });
  } else {
    go(async () => {
      await gosched();
      throw value;
    });
  }
  await time.sleep(1000);
});
