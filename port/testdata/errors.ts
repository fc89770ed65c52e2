// Errors are values: sentinels, wrapping, types of errors, results beside an error.
import { errors, main } from "gocsp";
import { asError, BoxedError, boxError } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strconv from "gocsp/golib/strconv";

const errEmpty = new Error("empty");

class ParseError extends Error {
  line = 0;
  err: Error | undefined;

  constructor(init?: Partial<ParseError>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return fmt.sprintf("line %d: %v", this.line, this.err);
  }

  override get cause(): Error | undefined {
    return this.err;
  }
}

type Status = number;

export function statusError(s: Status): string {
  return "status " + strconv.itoa(s);
}

function parse(line: number, s: string): [number, Error | undefined] {
  if (s === "") {
    return [0, new ParseError({ line, err: errEmpty })];
  }
  const [n, err] = strconv.atoi(s);
  if (err !== undefined) {
    return [0, new ParseError({ line, err })];
  }
  if (n > 100) {
    return [n, boxError(StatusValue, n)];
  }
  return [n, undefined];
}

function total(list: string[]): [number, Error | undefined] {
  let sum = 0;
  let err: Error | undefined;
  for (const [i, s] of list.entries()) {
    const [n, err] = parse(i + 1, s);
    if (err !== undefined) {
      return [sum, fmt.errorf("total: %w", err)];
    }
    sum += n;
  }
  return [sum, err];
}

function first_(...fs: (() => Error | undefined)[]): Error | undefined {
  for (const f of fs) {
    const err = f();
    if (err !== undefined) {
      return err;
    }
  }
  return undefined;
}

/** A status in an interface: the value with its methods. */
class StatusValue extends BoxedError<Status> {
  static override typeName = "main.status";

  override get message(): string {
    return statusError(this.value);
  }
}

main(() => {
  fmt.println(...total(["1", "2"]));
  let [n, err] = total(["1", "x"]);
  fmt.println(n, err);
  [, err] = total([""]);
  let pe: ParseError | undefined;
  console.log(errors.is(err, errEmpty), asError(err, (e) => e instanceof ParseError, (e) => { pe = e as ParseError; }), pe!.line);
  [, err] = total(["404"]);
  fmt.println(err, errors.is(err, boxError(StatusValue, 404)), errors.is(err, boxError(StatusValue, 500)));

  err = first_(() => undefined, () => errEmpty);
  if (err === errEmpty) {
    fmt.println("the sentinel itself:", err);
  }
  const err1 = first_();
  if (err1 === undefined) {
    fmt.println("no error:", err1);
  }
  fmt.println(errors.join(errEmpty, undefined, new Error("two")));
  console.log(errors.unwrap(fmt.errorf("outer: %w", errEmpty)) as Error | undefined === errEmpty);
});
