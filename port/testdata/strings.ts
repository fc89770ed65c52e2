// Strings are bytes of UTF-8: lengths, indexes, slices, ranges and conversions.
import { main } from "gocsp";
import {
  at,
  byteAt,
  float64,
  fromBytes,
  fromRune,
  fromRunes,
  len,
  put,
  runes,
  substring,
  toBytes,
  toRunes,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";

function reverse(s: string): string {
  const r = toRunes(s);
  for (let i = 0, j = r.length - 1; i < j; i = i + 1, j = j - 1) {
    [r[i], r[j]] = [at(r, j), at(r, i)];
  }
  return fromRunes(r);
}

function digits(s: string): [number, boolean] {
  let n = 0;
  for (const [, c] of runes(s)) {
    if (c < 48 /* '0' */ || c > 57 /* '9' */) {
      return [0, false];
    }
    n = n * 10 + (c - 48 /* '0' */);
  }
  return [n, len(s) > 0];
}

main(() => {
  const s = "héllo, 世界";
  console.log(len(s), toRunes(s).length, byteAt(s, 0), byteAt(s, 1), substring(s, 7));
  for (const [i, r] of runes("aé世")) {
    console.log(i, r, fromRune(r));
  }
  fmt.println(reverse(s), strings.toUpper(s), strings.split("a,b,c", ","));
  fmt.println(...digits("1234"));
  fmt.println(...digits("12x4"));

  let b: Uint8Array = toBytes("abc");
  put(b, 0, 65 /* 'A' */);
  b = Uint8Array.of(...b, ...toBytes("def"));
  b = Uint8Array.of(...b, 33 /* '!' */, 33);
  fmt.println(fromBytes(b), b.length);

  const raw = `line one
	line "two"`;
  console.log(strings.count(raw, "\n"), raw);
  fmt.printf("%q %v %5d|%-5s|%05.2f %t %x %c\n", "quoted", ["a"], 42, "ab", float64(3.14159), true, 255, 120 /* 'x' */);
  console.log(true, false, true);

  const sb = new strings.Builder();
  for (let i = 3; i > 0; i--) {
    fmt.fprintf(sb, "%d...", i);
  }
  sb.writeString("go");
  sb.writeByte(33 /* '!' */);
  console.log(sb.string());
  if (strings.hasPrefix(s, "hé")) {
    console.log("prefix");
  } else if (strings.contains(s, "世")) {
    console.log("contains");
  }
});
