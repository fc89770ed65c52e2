/**
 * Servers and clients for HTTP. Mirrors the basics of Go's `net/http`, on `gocsp/http` and `node:http`: handlers,
 * the mux with the patterns of Go 1.22, servers with graceful shutdown, clients with contexts and timeouts. Errors are
 * values. There are no files, cookies, forms in several parts, proxies, trailers, and no HTTP/2. A nil
 * header is an empty one.
 *
 * @module
 */

export { errAbortHandler, errHandlerTimeout, errServerClosed } from "../../http/errors.ts";
export { type CheckRedirect, Client, defaultClient, errUseLastResponse, get, head, post, postForm } from "./client.ts";
export { type Handler, type HandlerFunc, handlerFunc } from "./handler.ts";
export { canonicalHeaderKey, Header } from "./header.ts";
export { MaxBytesError, maxBytesHandler, maxBytesReader, stripPrefix, timeoutHandler } from "./middleware.ts";
export {
  defaultServeMux,
  error,
  handle,
  handleFunc,
  newServeMux,
  notFound,
  notFoundHandler,
  redirect,
  redirectHandler,
  ServeMux,
} from "./mux.ts";
export { errBodyReadAfterClose, newRequest, newRequestWithContext, noBody, Request } from "./request.ts";
export { errBodyNotAllowed, errContentLength, type Flusher, type ResponseWriter } from "./response-writer.ts";
export { errNoLocation, Response } from "./response.ts";
export { listenAndServe, serve, Server } from "./server.ts";
export { detectContentType } from "./sniff.ts";
export * from "./status.ts";
export { defaultTransport, roundTrip, type RoundTripper, Transport } from "./transport.ts";
