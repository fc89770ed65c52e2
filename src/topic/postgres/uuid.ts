import { randomFillSync } from "node:crypto";

/** Random bytes for many UUIDs at once: to ask for them costs as much as the rest of a message. */
const pool = Buffer.alloc(4096);
let used = pool.length;

let lastMillisecond = 0;
let count = 0;

/**
 * Returns a UUID of version 7: those that are made later sort later, also within a millisecond, so that their index grows at
 * its end. Its 12 bits behind the time count; they begin anew in each millisecond, and borrow the next when they are full.
 */
export function uuidv7(): string {
  const now = Date.now();
  if (now > lastMillisecond) {
    lastMillisecond = now;
    count = 0;
  } else if (++count > 0xfff) {
    lastMillisecond++;
    count = 0;
  }
  if (used + 8 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += 8));
  random.writeUInt8((random.readUInt8(0) & 0x3f) | 0x80, 0);
  const time = lastMillisecond.toString(16).padStart(12, "0");
  const rest = random.toString("hex");
  const third = (0x7000 | count).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
