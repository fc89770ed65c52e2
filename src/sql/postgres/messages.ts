/** The messages of the protocol that run a statement, several in one buffer: each write to a socket is a system call. */

import type { Wire } from "./exchange.ts";

/** A message to the server. */
export type Message =
  | { readonly kind: "parse"; readonly name: string; readonly text: string }
  | { readonly kind: "describe" | "close"; readonly what: "S" | "P"; readonly name: string }
  | { readonly kind: "bind"; readonly name: string; readonly values: readonly Wire[] }
  | { readonly kind: "execute"; readonly rows: number }
  | { readonly kind: "query"; readonly text: string }
  | { readonly kind: "sync" };

/** Returns the bytes of some messages. */
export function pack(messages: readonly Message[]): Buffer {
  let size = 0;
  for (const message of messages) size += 5 + bodySize(message);
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const message of messages) at = write(buffer, at, message);
  return buffer;
}

const codes = { parse: 0x50, describe: 0x44, close: 0x43, bind: 0x42, execute: 0x45, query: 0x51, sync: 0x53 };

function bodySize(message: Message): number {
  switch (message.kind) {
    case "parse":
      return Buffer.byteLength(message.name) + Buffer.byteLength(message.text) + 4;
    case "describe":
    case "close":
      return Buffer.byteLength(message.name) + 2;
    case "bind": {
      let size = Buffer.byteLength(message.name) + 8;
      let binary = false;
      for (const value of message.values) {
        size += 4;
        if (typeof value === "string") size += Buffer.byteLength(value);
        else if (value !== null) {
          size += value.length;
          binary = true;
        }
      }
      return binary ? size + 2 * message.values.length : size;
    }
    case "execute":
      return 5;
    case "query":
      return Buffer.byteLength(message.text) + 1;
    default:
      return 0;
  }
}

function write(buffer: Buffer, start: number, message: Message): number {
  buffer[start] = codes[message.kind];
  let at = start + 5;
  switch (message.kind) {
    case "parse":
      at = cstring(buffer, cstring(buffer, at, message.name), message.text);
      at = buffer.writeUInt16BE(0, at);
      break;
    case "describe":
    case "close":
      at = buffer.writeUInt8(message.what.charCodeAt(0), at);
      at = cstring(buffer, at, message.name);
      break;
    case "bind":
      at = writeBind(buffer, at, message.name, message.values);
      break;
    case "execute":
      buffer[at] = 0;
      at = buffer.writeUInt32BE(message.rows, at + 1);
      break;
    case "query":
      at = cstring(buffer, at, message.text);
      break;
    default:
  }
  buffer.writeUInt32BE(at - start - 1, start + 1);
  return at;
}

function cstring(buffer: Buffer, at: number, text: string): number {
  const end = at + buffer.write(text, at);
  buffer[end] = 0;
  return end + 1;
}

function writeBind(buffer: Buffer, start: number, name: string, values: readonly Wire[]): number {
  buffer[start] = 0;
  let at = cstring(buffer, start + 1, name);
  const binary = values.some((value) => value !== null && typeof value !== "string");
  at = buffer.writeUInt16BE(binary ? values.length : 0, at);
  if (binary)
    for (const value of values) at = buffer.writeUInt16BE(value === null || typeof value === "string" ? 0 : 1, at);
  at = buffer.writeUInt16BE(values.length, at);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
    } else if (typeof value === "string") {
      const length = buffer.write(value, at + 4);
      at = buffer.writeUInt32BE(length, at) + length;
    } else {
      at = buffer.writeUInt32BE(value.length, at);
      buffer.set(value, at);
      at += value.length;
    }
  }
  return buffer.writeUInt16BE(0, at);
}
