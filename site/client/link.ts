/** Links hold a program and a run in the fragment of the address: nothing is sent to a server. */

export interface Shared {
  readonly code: string;
  /** Chooses the order of a run. */
  readonly seed?: number;
  /** Repeats a schedule exactly. */
  readonly token?: string;
  readonly slow?: boolean;
  readonly views?: readonly string[];
  readonly position?: number;
  /** The pattern whose program this is: it has one in Go too. */
  readonly sample?: string;
}

/** Writes a link's fragment: the text compressed, in the letters that an address may have. */
export async function encodeLink(shared: Shared): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(shared)), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return `1.${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** Reads a link's fragment. Returns undefined for what is none. */
export async function decodeLink(fragment: string): Promise<Shared | undefined> {
  const [, text] = /^#?1\.([\w-]+)$/.exec(fragment) ?? [];
  if (text === undefined) return undefined;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const plain = await through(packed, new DecompressionStream("deflate-raw"));
    const shared = JSON.parse(new TextDecoder().decode(plain)) as Shared;
    return typeof shared.code === "string" ? shared : undefined;
  } catch {
    return undefined;
  }
}

/** A link that unpacks to more is no program. */
const maxBytes = 1_000_000;

async function through(bytes: Uint8Array, transform: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const writer = transform.writable.getWriter();
  // What fails here fails at the reader too.
  const written = writer.write(bytes as BufferSource).then(() => writer.close());
  written.catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = transform.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > maxBytes) throw new Error("too long");
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
