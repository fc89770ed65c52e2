import { errors, main } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as math from "gocsp/golib/math";
import * as strconv from "gocsp/golib/strconv";

const page = 2 ** 60;

/** smallest starts with a limit that no value reaches. */
function smallest(list: number[]): number {
  let low = math.maxInt;
  for (const v of list) {
    low = Math.min(low, v);
  }
  return low;
}

function largest(list: number[]): number {
  let high = math.minInt64;
  for (const v of list) {
    high = Math.max(high, v);
  }
  return high;
}

main(() => {
  fmt.println(math.maxInt64, math.minInt64, math.maxUint64);
  fmt.println(math.maxInt32, math.minInt32, math.maxUint32, page);
  const x: number = math.maxInt64;
  fmt.println(x, strconv.itoa(x), fmt.sprintf("%d %v %x %T", x, x, x, x));
  fmt.printf("%d|%25d|%+d\n", x, x, x);
  fmt.println(strconv.formatInt(page, 10), strconv.formatInt(page, 2), strconv.formatUint(math.maxUint64, 16));
  fmt.println(smallest([]), smallest([3, 2]), largest([]), largest([-5]));
  const [limit, err] = strconv.parseInt("9223372036854775808", 10, 64);
  fmt.println(limit, errors.is(err, strconv.errRange));
  const [all, err1] = strconv.parseUint("18446744073709551615", 10, 64);
  fmt.println(all, err1);
  fmt.println(fmt.errorf("at most %d", math.maxInt64));
  console.log(x > 2 ** 53, x === math.maxInt64, x === 9223372036854776000);
});
