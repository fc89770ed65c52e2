/** What the browser's tests and the measurements have in common. */

import { deflateRawSync } from "node:zlib";

/** Returns what stands behind the `#` of a link to the playground. */
export function fragment(shared: object): string {
  return `1.${deflateRawSync(JSON.stringify(shared)).toString("base64url")}`;
}

/** Thirty goroutines and some five thousand events: jobs over a channel, a lock, and time that passes. */
export const crowd = `import { chan, go, main, sync, time } from "gocsp";
main(async () => {
  const jobs = chan<number>(4);
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  for (let n = 0; n < 28; n++) {
    wg.go(async () => {
      for (let i = 0; i < 26; i++) {
        await jobs.send(100 * n + i);
        using _ = await mu.lock();
        await time.sleep(1);
      }
    });
  }
  go(async () => {
    await wg.wait();
    jobs.close();
  });
  let sum = 0;
  for await (const n of jobs) {
    sum += n;
    if (n % 10 === 0) console.log(n);
  }
  console.log(sum);
});`;
