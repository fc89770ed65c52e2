/** Counts what goes out on the wire. */

import { Socket } from "node:net";
import { vi } from "vitest";

/** Calls `use` with a function that returns how often this process has written to a port so far. */
export async function countingWrites<T>(port: number, use: (count: () => number) => Promise<T>): Promise<T> {
  const write = vi.spyOn(Socket.prototype, "write");
  // Other connections, and the output of the tests themselves, do not count.
  const count = (): number => write.mock.contexts.filter((socket) => (socket as Socket).remotePort === port).length;
  try {
    return await use(count);
  } finally {
    write.mockRestore();
  }
}
