// Writers of the program that are printed to: those that wait are awaited, the others are not.
import { type Chan, chan, main, nilChan } from "gocsp";
import { at, fromBytes } from "gocsp/golib";
import * as bytes from "gocsp/golib/bytes";
import * as fmt from "gocsp/golib/fmt";
import * as io from "gocsp/golib/io";
import * as strings from "gocsp/golib/strings";

/** Gate writes when it has room. */
export class Gate {
  room: Chan<void> = nilChan();
  text: string[] = [];

  constructor(init?: Partial<Gate>) {
    Object.assign(this, init);
  }

  async write(p: Uint8Array): Promise<[number, Error | undefined]> {
    await this.room.send();
    this.text.push(fromBytes(p));
    await this.room.receive();
    return [p.length, undefined];
  }
}

/** Counter only counts. */
export class Counter {
  n = 0;

  constructor(init?: Partial<Counter>) {
    Object.assign(this, init);
  }

  write(p: Uint8Array): [number, Error | undefined] {
    this.n += p.length;
    return [p.length, undefined];
  }
}

/** Page has the methods of what it embeds. */
export class Page {
  builder = new strings.Builder();
  title = "";

  constructor(init?: Partial<Page>) {
    Object.assign(this, init);
  }

  get cap() {
    return this.builder.cap.bind(this.builder);
  }

  get grow() {
    return this.builder.grow.bind(this.builder);
  }

  get len() {
    return this.builder.len.bind(this.builder);
  }

  get reset() {
    return this.builder.reset.bind(this.builder);
  }

  get toString() {
    return this.builder.toString.bind(this.builder);
  }

  get write() {
    return this.builder.write.bind(this.builder);
  }

  get writeByte() {
    return this.builder.writeByte.bind(this.builder);
  }

  get writeRune() {
    return this.builder.writeRune.bind(this.builder);
  }

  get writeString() {
    return this.builder.writeString.bind(this.builder);
  }
}

/** Through hands on to whatever it has. */
export class Through {
  writer!: io.Writer;

  constructor(init?: Partial<Through>) {
    Object.assign(this, init);
  }

  get write() {
    return this.writer.write.bind(this.writer);
  }
}

/** Sized is a writer that tells its size. */
export interface Sized extends io.Writer {
  len(): number;
}

async function report(s: Sized, n: number): Promise<void> {
  await fmt.fprintf(s, "report %d;", n);
}

function count(c: Counter, ...words: string[]): number {
  for (const w of words) {
    fmt.fprintln(c, w);
  }
  return c.n;
}

async function fill<W extends io.Writer>(w: W): Promise<Error | undefined> {
  const [, err] = await fmt.fprint(w, "filled");
  return err;
}

main(async () => {
  const g = new Gate({ room: chan<void>(1) });
  await fmt.fprintf(g, "%03d", 7);
  await fmt.fprint(g, 1, 2);
  const [n, err] = await fmt.fprintln(g, "line");
  fmt.printf("%q %d %v\n", g.text, n, err);

  console.log(count(new Counter(), "one", "two"));

  const page = new Page({ title: "page" });
  fmt.fprintf(page, "%s: ", page.title);
  await report(page, 1);
  fmt.println(page.builder.string(), page.builder.len());

  const buf = new bytes.Buffer();
  await report(buf, 2);
  await fmt.fprint(new Through({ writer: buf }), " through");
  await fmt.fprint(new Through({ writer: g }), "gate");
  fmt.println(buf.string(), g.text.length);
  fmt.println(await fill(g), await fill(buf), at(g.text, g.text.length - 1));
});
