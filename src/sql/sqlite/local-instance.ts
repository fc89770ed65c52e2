/** SQLite in the thread of the program: loaded once, for all databases. */

import { load, type Sqlite } from "./wasm.ts";
import { installVfs, type Served } from "./vfs.ts";
import type { LocalEngine } from "./local-engine.ts";
import { Suspender } from "./local-suspender.ts";

let loading: Promise<Instance> | undefined;
let conns = 0;
let databases = 0;

/** From when on an instance is too large to be kept for nothing, in bytes. */
const largeMemory = 2 ** 26;

/** One SQLite and what lives in its memory. */
export class Instance {
  readonly sqlite: Sqlite;
  readonly suspender: Suspender;
  /** By the names that the databases have for SQLite. */
  readonly #served = new Map<string, Served>();
  readonly #engines = new Set<LocalEngine>();
  #isLost = false;

  private constructor(sqlite: Sqlite, owner: number) {
    this.sqlite = sqlite;
    this.suspender = new Suspender(sqlite);
    installVfs(sqlite, { find: (name) => this.#served.get(name), owner, suspender: this.suspender });
  }

  /** Returns the one that there is, or loads it. */
  static load(owner: number): Promise<Instance> {
    if (loading === undefined) {
      const begun = load().then((sqlite) => new Instance(sqlite, owner));
      loading = begun;
      begun.catch(() => {
        // The package may be installed meanwhile.
        if (loading === begun) loading = undefined;
      });
    }
    return loading;
  }

  /** Returns a number for a connection: its statements are told apart by it. */
  static newConn(): number {
    return ++conns;
  }

  /** Lets SQLite reach a database; returns its name. */
  serve(engine: LocalEngine, served: Served): string {
    const name = `/database-${++databases}`;
    this.#served.set(name, served);
    this.#engines.add(engine);
    return name;
  }

  /** Lets go of a database. An instance that has none, and whose memory has grown large, makes room: memory never shrinks. */
  forget(engine: LocalEngine, name: string): void {
    this.#engines.delete(engine);
    this.#served.delete(name);
    const isLarge = this.sqlite.wasm.heap8u().length > largeMemory;
    if (this.#engines.size === 0 && isLarge && !this.#isLost) loading = undefined;
  }

  /** Ends all that lives in it, because its memory cannot be relied on any more. The next to come gets another one. */
  abandon(error: Error): void {
    if (this.#isLost) return;
    this.#isLost = true;
    loading = undefined;
    this.suspender.abandon();
    for (const engine of this.#engines) engine.abandon(error);
  }
}
