import { sentinel } from "../../runtime/error-values.ts";

/** There is nothing more to read: `io.EOF`. */
export const eof: Error = sentinel("EOF");
/** The input ended in the middle of something: `io.ErrUnexpectedEOF`. */
export const errUnexpectedEOF: Error = sentinel("unexpected EOF");
/** A writer took less than it was given, without an error: `io.ErrShortWrite`. */
export const errShortWrite: Error = sentinel("short write");
/** The array is too short for what was to be read: `io.ErrShortBuffer`. */
export const errShortBuffer: Error = sentinel("short buffer");
/** A reader keeps returning no data and no error: `io.ErrNoProgress`. */
export const errNoProgress: Error = sentinel("multiple Read calls return no data or error");
/** The pipe is closed: `io.ErrClosedPipe`. */
export const errClosedPipe: Error = sentinel("io: read/write on closed pipe");
