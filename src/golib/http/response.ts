import type { ReadCloser } from "../io/io.ts";
import { parse, type URL } from "../url/url.ts";
import { Header } from "./header.ts";
import { failed, noBody, type Request } from "./request.ts";

/** There is no `Location` in a response: `http.ErrNoLocation`. */
export const errNoLocation: Error = new Error("http: no Location header in response");

/** An answer, as a client gets it. Mirrors Go's `http.Response`. */
export class Response {
  /** `200 OK` */
  status = "";
  statusCode = 0;
  proto = "";
  protoMajor = 0;
  protoMinor = 0;
  header: Header = new Header();
  /** Read it to its end or close it: otherwise its connection stays in use. */
  body: ReadCloser = noBody;
  /** The number of bytes; -1 if it is not known. */
  contentLength = 0;
  transferEncoding: string[] = [];
  close = false;
  uncompressed = false;
  declare request: Request;

  constructor(fields: Partial<Pick<Response, Fields>> = {}) {
    Object.assign(this, fields);
  }

  /** Returns the URL of a redirect. */
  location(): [url: URL, err: Error | undefined] {
    const target = this.header.get("Location");
    if (target === "") return failed(errNoLocation);
    return this.request?.url === undefined ? parse(target) : this.request.url.parse(target);
  }

  protoAtLeast(major: number, minor: number): boolean {
    return this.protoMajor > major || (this.protoMajor === major && this.protoMinor >= minor);
  }
}

type Fields =
  | "status"
  | "statusCode"
  | "proto"
  | "protoMajor"
  | "protoMinor"
  | "header"
  | "body"
  | "contentLength"
  | "transferEncoding"
  | "close"
  | "uncompressed"
  | "request";
