import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut like a network: without a word to either side. */
export interface Proxy {
  readonly port: number;
  /** From now on nothing that is sent arrives, and nothing says so. */
  drop(): void;
  /** Closes all connections, and lets new ones through again. */
  heal(): void;
  /** Closes all connections. */
  stop(): Promise<void>;
}

/** Starts a proxy on loopback to a port there. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let dropping = false;
  const add = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    add(near);
    if (dropping) return;
    const far = add(connect(target, "127.0.0.1"));
    near.on("data", (data) => dropping || far.write(data));
    far.on("data", (data) => dropping || near.write(data));
    near.on("close", () => dropping || far.destroy());
    far.on("close", () => dropping || near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    drop: () => void (dropping = true),
    heal: () => {
      closeAll();
      dropping = false;
    },
    stop: async () => {
      closeAll();
      server.close();
      await once(server, "close");
    },
  };
}
