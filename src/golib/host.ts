/** The host's globals that golib uses. Every host has them, but the types of a portable library do not declare them. */
interface Borrowed {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (
    label: "utf-8",
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly console: { log(text: string): void; error(text: string): void };
  readonly process?: {
    readonly stdout?: { write(data: Uint8Array | string): unknown };
    readonly stderr?: { write(data: Uint8Array | string): unknown };
  };
}

export const host: Borrowed = globalThis as unknown as Borrowed;
