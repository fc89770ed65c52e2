import { chan } from "gocsp";

export const failure = new Error("failure");

/** A function that can be blocked, counts its calls, and returns their number. */
export function counted(): { f: () => Promise<number>; finish: () => void; calls: () => number } {
  const gate = chan<void>();
  let calls = 0;
  const f = async (): Promise<number> => {
    const call = ++calls;
    await gate.receive();
    return call;
  };
  return { f, finish: () => gate.close(), calls: () => calls };
}
