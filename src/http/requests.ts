import type { RequestMessage } from "../diagnostics/messages.ts";
import { Tracing } from "../diagnostics/tracing.ts";

/** Where the requests that handlers answer are published for tracers. */
export const requests: Tracing<RequestMessage> = new Tracing("http.request");
