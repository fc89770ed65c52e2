/**
 * Listeners for servers. Mirrors the part of Go's `net` that `http.serve` needs: there are no connections to read.
 *
 * @module
 */

import { errnoText } from "./errno.ts";
import { type Listener, TCPListener } from "./listener.ts";

export { type Addr, type Listener, TCPAddr } from "./listener.ts";

/**
 * Begins to listen. Mirrors Go's `net.Listen` for TCP.
 *
 * @example
 * ```ts
 * const [listener, err] = await net.listen("tcp", "127.0.0.1:0");
 * if (err === undefined) await http.serve(listener, undefined);
 * ```
 */
export async function listen(network: string, address: string): Promise<[listener: Listener, err: Error | undefined]> {
  const listener = new TCPListener();
  const failed = (text: string, cause?: unknown): [Listener, Error] => [
    undefined as unknown as Listener,
    new Error(`listen ${network}${text}`, { cause }),
  ];
  if (!network.startsWith("tcp")) return failed(` ${address}: unknown network ${network}`);
  const [host, port, err] = splitHostPort(address === "" ? ":0" : address);
  if (err !== undefined) return failed(`: ${err.message}`, err);
  try {
    await listener.server.listen(joinHostPort(host || (network === "tcp4" ? "0.0.0.0" : ""), port));
  } catch (error) {
    const { code } = error as { code?: unknown };
    const text = errnoText(code) || (code === "ENOTFOUND" ? "no such host" : (error as Error).message);
    return failed(` ${address}: ${text}`, error);
  }
  return [listener, undefined];
}

/** Splits `host:port`, `[::1]:port` and `:port`. Mirrors Go's `net.SplitHostPort`. */
export function splitHostPort(hostport: string): [host: string, port: string, err: Error | undefined] {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(hostport);
  if (match !== null) return [match[1] ?? match[2] ?? "", match[3] ?? "", undefined];
  const tooMany = /:.*:/.test(hostport) && !hostport.startsWith("[");
  const what = tooMany ? "too many colons in address" : "missing port in address";
  return ["", "", new Error(`address ${hostport}: ${what}`)];
}

/** Joins a host and a port. Mirrors Go's `net.JoinHostPort`. */
export function joinHostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
