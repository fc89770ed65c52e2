import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * An address of a connection or listener. Mirrors Go's `net.Addr`.
 *
 * @example
 * ```ts
 * const addr = http.context(req, res).value(http.localAddrContextKey);
 * console.log(addr?.network(), String(addr)); // tcp 127.0.0.1:8080
 * ```
 */
export class Addr {
  readonly #network: "tcp" | "unix";
  /** The IP address, or the path of a Unix socket. */
  readonly address: string;
  /** The port; 0 for a Unix socket. */
  readonly port: number;

  /** Makes an address; without a port it is the path of a Unix socket. */
  constructor(address: string, port?: number) {
    this.#network = port === undefined ? "unix" : "tcp";
    this.address = address;
    this.port = port ?? 0;
  }

  /**
   * Returns `tcp` or `unix`. Mirrors Go's `Addr.Network`.
   *
   * @example
   * ```ts
   * console.log(new http.Addr("127.0.0.1", 80).network()); // tcp
   * ```
   */
  network(): "tcp" | "unix" {
    return this.#network;
  }

  /**
   * Returns the address as `127.0.0.1:80` or `[::1]:80`; for a Unix socket the path. Mirrors Go's `Addr.String`.
   *
   * @example
   * ```ts
   * console.log(String(new http.Addr("::1", 80))); // [::1]:80
   * ```
   */
  toString(): string {
    if (this.#network === "unix") return this.address;
    return this.address.includes(":") ? `[${this.address}]:${this.port}` : `${this.address}:${this.port}`;
  }

  static {
    refuseUnbound(this);
  }
}

/** Returns the address that a socket reports. A Unix socket reports none: it has the listener's path. */
export function addrOf(address: string | undefined, port: number | undefined, path?: unknown): Addr {
  if (address !== undefined && port !== undefined) return new Addr(address, port);
  return new Addr(typeof path === "string" ? path : "");
}
