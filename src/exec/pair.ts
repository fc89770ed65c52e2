/** One pipe for both outputs of a command, which keeps their order. Node has no call that makes a pipe. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Two sockets that are connected: what a process writes to `far` arrives at `near`. */
export interface Pair {
  readonly near: Socket;
  /** To be destroyed once the process has it. */
  readonly far: Socket;
}

/**
 * Connects two sockets, as Node does for each of its pipes; undefined where that cannot be done: without a folder for
 * temporary files, and in Deno, which would ask its user whether this may be.
 */
export async function pairOfSockets(): Promise<Pair | undefined> {
  if ("deno" in process.versions) return undefined;
  const server = createServer();
  let folder: string | undefined;
  let far: Socket | undefined;
  try {
    // Nobody else may enter the folder, so nobody else can connect.
    folder = mkdtempSync(join(tmpdir(), "gocsp-exec-"));
    const path = join(folder, "s");
    server.listen(path);
    await once(server, "listening");
    const accepted = once(server, "connection") as Promise<[Socket]>;
    far = connect(path);
    const [[near]] = await Promise.all([accepted, once(far, "connect")]);
    far.on("error", () => undefined);
    return { near, far };
  } catch {
    far?.destroy();
    return undefined;
  } finally {
    server.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
