import { chan } from "../../chan/chan.ts";
import type { Client, Package } from "./client.ts";

/**
 * Asks the server to stop what runs on a connection, over a connection of its own, and waits until the server hangs up:
 * then the signal has been given to the process that serves us. That sees it before the next message which we send, and
 * ignores it if it runs nothing. Throws if the server was not heard of.
 *
 * This needs no login and no free connection; `pg_cancel_backend` over a second session would need both, and be 1 ms
 * faster. The method `cancel` of pg's client is not documented, and does not say when it is done.
 */
export async function sendCancel(pg: Package, client: Client, address: string | undefined): Promise<void> {
  const { processID, secretKey, host, port, ssl, sslNegotiation } = client;
  if (processID === null || secretKey === null) throw new Error("postgres: this server does not tell how to cancel");
  const connection = new pg.Connection({ ssl, sslNegotiation });
  const hungUp = chan<never>();
  let failure: Error | undefined;
  connection.on("error", (error: Error) => (failure ??= error));
  connection.once("end", () => hungUp.close());
  connection.once(ssl ? "sslconnect" : "connect", () => connection.cancel(processID, secretKey));
  if (ssl && sslNegotiation !== "direct") connection.once("connect", () => connection.requestSsl());
  if (host.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}`);
  // A name may stand for several servers: it must be the one that we are connected to. A certificate is for the name.
  else connection.connect(port, ssl ? host : (address ?? host));
  await hungUp.receive();
  if (failure !== undefined) throw failure;
}
