/**
 * Buffered reading and writing. Mirrors Go's `bufio` package. Readers and writers may wait, so the methods that use
 * them return promises: `while (await scanner.scan()) console.log(scanner.text())`.
 *
 * @module
 */

export { newReader, newReaderSize, Reader } from "./reader.ts";
export {
  errTooLong,
  maxScanTokenSize,
  newScanner,
  scanBytes,
  scanLines,
  Scanner,
  scanRunes,
  scanWords,
  type SplitFunc,
} from "./scanner.ts";
export { newWriter, newWriterSize, Writer } from "./writer.ts";
