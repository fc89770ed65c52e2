import { describe } from "../runtime/arguments.ts";

/** Where a server listens, as Node's `listen` takes it. */
export interface ListenAddress {
  readonly port: number;
  readonly host?: string;
}

/**
 * Reads an address as Go writes it: `:8080`, `127.0.0.1:0`, `[::1]:443`, `localhost:http`; or a mere port.
 *
 * @throws Error `http: address …: missing port in address`, or `http: … is no port`
 */
export function parseAddr(addr: string | number): ListenAddress {
  if (typeof addr === "number") return { port: checkPort(addr, addr) };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(addr) ?? [];
  if (port === undefined) throw new Error(`http: address ${addr}: missing port in address`);
  const host = bracketed ?? plain ?? "";
  const named: Record<string, number> = { "": 0, http: 80, https: 443 };
  const number = named[port] ?? (/^\d+$/.test(port) ? Number(port) : Number.NaN);
  return { port: checkPort(number, port), ...(host === "" ? {} : { host }) };
}

function checkPort(port: number, given: unknown): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`http: ${describe(given)} is no port`);
}
