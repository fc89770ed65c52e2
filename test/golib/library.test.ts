import { go } from "gocsp";
import { fromBytes, toBytes } from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as bytes from "gocsp/golib/bytes";
import * as fmt from "gocsp/golib/fmt";
import * as io from "gocsp/golib/io";
import * as list from "gocsp/golib/list";
import * as log from "gocsp/golib/log";
import * as maps from "gocsp/golib/maps";
import * as os from "gocsp/golib/os";
import * as reflect from "gocsp/golib/reflect";
import * as ring from "gocsp/golib/ring";
import * as strings from "gocsp/golib/strings";
import { describe, expect, test } from "vitest";

const valuesOf = <T>(l: list.List<T>): T[] => {
  const values: T[] = [];
  for (let e = l.front(); e !== undefined; e = e.next()) values.push(e.value);
  return values;
};

describe("the library", () => {
  test("lists move, insert and remove their elements [B15]", () => {
    const l = list.new<string>();
    const [b, d] = [l.pushBack("b"), l.pushBack("d")];
    l.pushFront("a");
    l.insertAfter("c", b);
    expect(valuesOf(l)).toEqual(["a", "b", "c", "d"]);
    l.moveToFront(d);
    l.moveToBack(b);
    l.moveAfter(d, b);
    expect(valuesOf(l)).toEqual(["a", "c", "b", "d"]);
    l.moveBefore(d, b);
    expect([l.remove(b), l.remove(b), l.len(), valuesOf(l)]).toEqual(["b", "b", 3, ["a", "c", "d"]]);
    l.pushBackList(l);
    l.pushFrontList(l);
    expect(valuesOf(l)).toHaveLength(12);
    expect(list.new<string>().insertBefore("x", d)).toBeUndefined();
    expect(l.init().len()).toBe(0);
  });

  test("rings link and unlink [B15]", () => {
    const r = ring.new<number>(4) as ring.Ring<number>;
    for (let i = 0, e = r; i < 4; i++, e = e.next()) e.value = i;
    expect([r.len(), r.move(-1).value, r.unlink(2)?.len(), r.len()]).toEqual([4, 3, 2, 2]);
    const seen: unknown[] = [];
    r.do((value) => seen.push(value));
    expect(seen).toEqual([0, 3]);
  });

  test("atomic numbers wrap as their types do [B15]", () => {
    const n = new atomic.Int32(2147483647);
    expect([n.add(1), n.compareAndSwap(5, 6), n.compareAndSwap(-2147483648, 6), n.swap(7), n.load()]).toEqual([
      -2147483648,
      false,
      true,
      6,
      7,
    ]);
    expect([n.and(3), n.or(8), n.load()]).toEqual([7, 3, 11]);
    expect(new atomic.Uint32().add(-1)).toBe(4294967295);
    const value = new atomic.Value();
    value.store(1);
    value.store(2.5);
    expect(() => value.store("a")).toThrow("sync/atomic: store of inconsistently typed value into Value");
    expect(() => value.store(undefined)).toThrow("sync/atomic: store of nil value into Value");
    const plain = { value: 1 };
    expect([atomic.addInt64(plain, 2), atomic.loadInt64(plain), atomic.swapInt32(plain, 9), plain.value]).toEqual([
      3, 3, 3, 9,
    ]);
  });

  test("a buffer is written at the end and read from the beginning [B15]", () => {
    const b = bytes.newBufferString("one\ntwo");
    fmt.fprintf(b, " %d", 3);
    expect(b.readString(10)).toEqual(["one\n", undefined]);
    expect(b.readRune()).toEqual([116, 1, undefined]);
    expect(b.unreadRune()).toBeUndefined();
    expect(b.unreadRune()?.message).toBe("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune");
    expect([fromBytes(b.next(3)), b.len(), b.string()]).toEqual(["two", 2, " 3"]);
    expect(b.readString(10)).toEqual([" 3", io.eof]);
    expect(b.readByte()).toEqual([0, io.eof]);
  });

  test("readers and writers are copied, limited, joined and doubled [B15]", async () => {
    const target = new strings.Builder();
    const source = io.multiReader(strings.newReader("ab"), io.limitReader(strings.newReader("cdef"), 2));
    const copy = new strings.Builder();
    expect(await io.copy(io.multiWriter(target, copy), source)).toEqual([4, undefined]);
    expect([target.string(), copy.string()]).toEqual(["abcd", "abcd"]);
    expect(await io.readFull(strings.newReader("ab"), new Uint8Array(3))).toEqual([2, io.errUnexpectedEOF]);
    expect(await io.readFull(strings.newReader(""), new Uint8Array(3))).toEqual([0, io.eof]);
    expect(await io.copyN(io.discard, strings.newReader("abc"), 5)).toEqual([3, io.eof]);
    const tee = new strings.Builder();
    expect(fromBytes((await io.readAll(io.teeReader(strings.newReader("xyz"), tee)))[0])).toBe("xyz");
    expect(tee.string()).toBe("xyz");
  });

  test("a pipe hands bytes over, and its end [B15]", async () => {
    const [reader, writer] = io.pipe();
    go(async () => {
      await writer.write(toBytes("hello"));
      await writer.write(toBytes(" world"));
      writer.close();
    });
    const [data, err] = await io.readAll(reader);
    expect([fromBytes(data), err]).toEqual(["hello world", undefined]);
    const [left, right] = io.pipe();
    left.closeWithError(new Error("gone"));
    expect(await right.write(toBytes("x"))).toEqual([0, new Error("gone")]);
  });

  test("deepEqual goes all the way down [B15]", () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const other: { self?: unknown } = {};
    other.self = other;
    expect(reflect.deepEqual(ring, other)).toBe(true);
    expect(reflect.deepEqual(new Map([["a", [1]]]), new Map([["a", [1]]]))).toBe(true);
    expect(reflect.deepEqual({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(reflect.deepEqual([Number.NaN], [Number.NaN])).toBe(false);
    expect(reflect.deepEqual(new Error("a"), new Error("a"))).toBe(true);
    expect(
      reflect.deepEqual(
        () => 1,
        () => 1,
      ),
    ).toBe(false);
  });

  test("maps are compared, copied and emptied [B15]", () => {
    const m = new Map([
      ["a", 1],
      ["b", 2],
    ]);
    const copy = maps.clone(m);
    maps.deleteFunc(copy, (_, value) => value === 1);
    expect([[...maps.keys(copy)], maps.equal(m, copy), m.size]).toEqual([["b"], false, 2]);
    expect(() => maps.copy(undefined as unknown as Map<string, number>, m)).toThrow("assignment to entry in nil map");
  });

  test("a logger writes lines with its prefix [B15]", () => {
    const out = new strings.Builder();
    const l = log.new(out, "app: ", log.lmsgprefix);
    l.printf("%d", 1);
    l.setFlags(log.ldate | log.ltime | log.lutc);
    l.println("two");
    expect(out.string()).toMatch(/^app: 1\napp: \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d two\n$/);
    expect(() => l.panicf("%s", "bad")).toThrow("bad");
  });

  test("files say what is wrong in Go's words [B15]", () => {
    const [, err] = os.readFile("/no/such/file");
    expect(err?.message).toBe("open /no/such/file: no such file or directory");
    expect(os.isNotExist(err)).toBe(true);
    const [folder] = os.mkdirTemp("", "golib");
    expect(os.writeFile(`${folder}/a`, toBytes("hi"), 0o600)).toBeUndefined();
    expect(fromBytes(os.readFile(`${folder}/a`)[0])).toBe("hi");
    expect(os.remove(folder)?.message).toMatch(/^remove /);
    expect(os.removeAll(folder)).toBeUndefined();
  });
});
