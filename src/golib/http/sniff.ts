/** Each type with the bytes at its beginning; `?` is any byte. */
const signatures: readonly (readonly [start: string, type: string])[] = [
  ["%PDF-", "application/pdf"],
  ["%!PS-Adobe-", "application/postscript"],
  ["\xFE\xFF??", "text/plain; charset=utf-16be"],
  ["\xFF\xFE??", "text/plain; charset=utf-16le"],
  ["\xEF\xBB\xBF?", "text/plain; charset=utf-8"],
  ["\0\0\x01\0", "image/x-icon"],
  ["\0\0\x02\0", "image/x-icon"],
  ["BM", "image/bmp"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
  ["RIFF????WEBPVP", "image/webp"],
  ["\x89PNG\r\n\x1A\n", "image/png"],
  ["\xFF\xD8\xFF", "image/jpeg"],
  ["FORM????AIFF", "audio/aiff"],
  ["ID3", "audio/mpeg"],
  ["OggS\0", "application/ogg"],
  ["MThd\0\0\0\x06", "audio/midi"],
  ["RIFF????AVI ", "video/avi"],
  ["RIFF????WAVE", "audio/wave"],
  ["\x1A\x45\xDF\xA3", "video/webm"],
  [`${"?".repeat(34)}LP`, "application/vnd.ms-fontobject"],
  ["\0\x01\0\0", "font/ttf"],
  ["OTTO", "font/otf"],
  ["ttcf", "font/collection"],
  ["wOFF", "font/woff"],
  ["wOF2", "font/woff2"],
  ["\x1F\x8B\x08", "application/x-gzip"],
  ["PK\x03\x04", "application/zip"],
  ["Rar!\x1A\x07\0", "application/x-rar-compressed"],
  ["Rar!\x1A\x07\x01\0", "application/x-rar-compressed"],
  ["\0asm", "application/wasm"],
];

const html =
  /^[\t\n\f\r ]*<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P|!--)[ >]/i;

/**
 * Guesses the type of content by its first 512 bytes. Mirrors Go's `http.DetectContentType`.
 *
 * @example
 * ```ts
 * console.log(http.detectContentType(toBytes("<html>"))); // text/html; charset=utf-8
 * ```
 */
export function detectContentType(data: Uint8Array): string {
  const text = String.fromCharCode(...data.subarray(0, 512));
  if (html.test(text)) return "text/html; charset=utf-8";
  if (/^[\t\n\f\r ]*<\?xml/.test(text)) return "text/xml; charset=utf-8";
  for (const [start, type] of signatures) {
    if (text.length >= start.length && Array.from(start).every((char, i) => char === "?" || char === text[i])) {
      return type;
    }
  }
  if (isMP4(text)) return "video/mp4";
  // oxlint-disable-next-line no-control-regex -- text has no control characters
  if (/[\0-\x08\x0B\x0E-\x1A\x1C-\x1F]/.test(text)) return "application/octet-stream";
  return "text/plain; charset=utf-8";
}

function isMP4(text: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = Array.from(text.slice(0, 4), (char) => char.charCodeAt(0));
  const size = ((a * 256 + b) * 256 + c) * 256 + d;
  if (text.length < 12 || text.length < size || size % 4 !== 0 || text.slice(4, 8) !== "ftyp") return false;
  for (let at = 8; at < size; at += 4) if (at !== 12 && text.slice(at, at + 3) === "mp4") return true;
  return false;
}
