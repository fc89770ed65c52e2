// Four jobs take 40 ms. Let two workers do them, in 20 ms.
import { main, time } from "gocsp";

const results: number[] = [];

const work = async (job: number) => {
  await time.sleep(10 * time.millisecond);
  results.push(job * job);
};

main(async () => {
  for (let job = 1; job <= 4; job++) await work(job);
  console.log("results:", results.sort((a, b) => a - b).join(" "));
});
