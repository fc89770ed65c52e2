import { fromBytes, toBytes } from "../text.ts";

/** The characters that each part of a URL keeps, beside letters, digits, and `-_.~`. */
const kept = {
  path: "$&+,/:;=@",
  segment: "$&+:=@",
  user: "$&+,;=",
  query: "",
  fragment: "$&+,/:;=?@!()*",
} as const;

/** Escapes a text for a part of a URL; in queries a space becomes `+`. */
export function escape(text: string, part: keyof typeof kept): string {
  let escaped = "";
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(char) || kept[part].includes(char)) escaped += char;
    else if (char === " " && part === "query") escaped += "+";
    else escaped += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** Undoes {@link escape}. `plus` tells that `+` means a space. */
export function unescape(text: string, plus: boolean): [text: string, err: Error | undefined] {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text);
  if (bad !== null) return ["", new Error(`invalid URL escape ${JSON.stringify(bad[0])}`)];
  const plain = plus ? text.replaceAll("+", " ") : text;
  if (!plain.includes("%")) return [plain, undefined];
  const bytes: number[] = [];
  for (const [piece] of plain.matchAll(/%..|[^%]+/gs)) {
    if (piece.startsWith("%")) bytes.push(Number.parseInt(piece.slice(1), 16));
    else bytes.push(...toBytes(piece));
  }
  return [fromBytes(Uint8Array.from(bytes)), undefined];
}
