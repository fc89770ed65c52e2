import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut like a network, and healed. */
export interface Gate {
  readonly port: number;
  /** From now on nothing that is sent arrives, and nothing says so. */
  cut(): void;
  /** Closes what was cut, and lets new connections through. */
  heal(): void;
  stop(): Promise<void>;
}

/** Opens a gate on loopback to a port there. */
export async function openGate(target: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const add = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    add(near);
    if (isCut) return;
    const far = add(connect(target, "127.0.0.1"));
    near.on("data", (data) => isCut || far.write(data));
    far.on("data", (data) => isCut || near.write(data));
    near.on("close", () => isCut || far.destroy());
    far.on("close", () => isCut || near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => void (isCut = true),
    heal: () => {
      closeAll();
      isCut = false;
    },
    stop: async () => {
      closeAll();
      server.close();
      await once(server, "close");
    },
  };
}
