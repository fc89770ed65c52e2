import { type Chan, chan } from "../../chan/chan.ts";
import { select, send } from "../../select/select.ts";
import { eof, errClosedPipe } from "./errors.ts";

type Result = [n: number, err: Error | undefined];

/**
 * The state that both ends share. A write offers its bytes to one read after the other, and returns when all are taken.
 */
class Pipe {
  readonly writes: Chan<Uint8Array> = chan<Uint8Array>();
  readonly taken: Chan<number> = chan<number>();
  readonly done: Chan<void> = chan<void>();
  readError: Error | undefined;
  writeError: Error | undefined;
  /** Held by the write in progress: one write finishes before the next starts. */
  readonly turn: Chan<void> = chan<void>(1);

  close(): void {
    if (this.done.tryReceive() === undefined) this.done.close();
  }

  async read(p: Uint8Array): Promise<Result> {
    if (this.done.tryReceive() !== undefined) return [0, this.readCloseError()];
    const op = await select({ bytes: this.writes, done: this.done });
    if (op.case === "done" || op.value === undefined) return [0, this.readCloseError()];
    const n = Math.min(p.length, op.value.length);
    p.set(op.value.subarray(0, n));
    await this.taken.send(n);
    return [n, undefined];
  }

  async write(p: Uint8Array): Promise<Result> {
    await this.turn.send(undefined);
    try {
      if (this.done.tryReceive() !== undefined) return [0, this.writeCloseError()];
      let rest = p;
      do {
        const op = await select({ sent: send(this.writes, rest), done: this.done });
        if (op.case === "done") return [p.length - rest.length, this.writeCloseError()];
        rest = rest.subarray((await this.taken.receive()) ?? 0);
      } while (rest.length > 0);
      return [p.length, undefined];
    } finally {
      this.turn.tryReceive();
    }
  }

  readCloseError(): Error {
    return this.readError === undefined && this.writeError !== undefined ? this.writeError : errClosedPipe;
  }

  writeCloseError(): Error {
    return this.writeError === undefined && this.readError !== undefined ? this.readError : errClosedPipe;
  }
}

/** The end of a pipe that is read. Mirrors Go's `io.PipeReader`. */
export class PipeReader {
  readonly #pipe: Pipe;

  /** Made by {@link pipe}. */
  constructor(shared: unknown) {
    this.#pipe = shared as Pipe;
  }

  /** Waits for a write, or for the end. */
  read(p: Uint8Array): Promise<Result> {
    return this.#pipe.read(p);
  }

  /** Ends the pipe: writes return `errClosedPipe`. */
  close(): undefined {
    return this.closeWithError(undefined);
  }

  /** Ends the pipe: writes return this error. */
  closeWithError(err: Error | undefined): undefined {
    this.#pipe.readError ??= err ?? errClosedPipe;
    this.#pipe.close();
    return undefined;
  }
}

/** The end of a pipe that is written to. Mirrors Go's `io.PipeWriter`. */
export class PipeWriter {
  readonly #pipe: Pipe;

  /** Made by {@link pipe}. */
  constructor(shared: unknown) {
    this.#pipe = shared as Pipe;
  }

  /** Waits until reads have taken all bytes, or the pipe ends. */
  write(p: Uint8Array): Promise<Result> {
    return this.#pipe.write(p);
  }

  /** Ends the pipe: reads return `eof`. */
  close(): undefined {
    return this.closeWithError(undefined);
  }

  /** Ends the pipe: reads return this error. */
  closeWithError(err: Error | undefined): undefined {
    this.#pipe.writeError ??= err ?? eof;
    this.#pipe.close();
    return undefined;
  }
}

/** Makes a pipe without a buffer: bytes written at one end are read at the other. Mirrors Go's `io.Pipe`. */
export function pipe(): [reader: PipeReader, writer: PipeWriter] {
  const shared = new Pipe();
  return [new PipeReader(shared), new PipeWriter(shared)];
}
