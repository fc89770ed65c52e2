/** The texts of the system's errors, with the call that Go names. */
const texts: Readonly<Record<string, string>> = {
  EACCES: "bind: permission denied",
  EADDRINUSE: "bind: address already in use",
  EADDRNOTAVAIL: "bind: cannot assign requested address",
  EBADF: "use of closed network connection",
  ECONNREFUSED: "connect: connection refused",
  ECONNRESET: "read: connection reset by peer",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  EPIPE: "write: broken pipe",
  ETIMEDOUT: "connect: connection timed out",
};

/** Returns Go's text for an error code of Node; `""` if there is none. */
export function errnoText(code: unknown): string {
  return texts[String(code)] ?? "";
}
