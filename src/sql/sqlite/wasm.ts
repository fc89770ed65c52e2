/** The part of SQLite's WebAssembly build that is used: its C functions, and what it has for memory. */

/** An address in the memory of the build. */
export type Pointer = number;

/** What `@sqlite.org/sqlite-wasm` exports. */
export interface Package {
  default(options: { print(): void; printErr(): void }): Promise<Sqlite>;
}

/** The build, once it runs. */
export interface Sqlite {
  readonly capi: {
    sqlite3_vfs: new () => Struct & { $iVersion: number; $szOsFile: number; $mxPathname: number };
    sqlite3_io_methods: new () => Struct & { $iVersion: number };
    sqlite3_file: { readonly structInfo: { readonly sizeof: number } };
    /** Names a result code. */
    sqlite3_js_rc_str(code: number): string | undefined;
    /** Frees what a bound value occupied. */
    readonly SQLITE_WASM_DEALLOC: Pointer;
  };
  readonly wasm: {
    readonly exports: Functions & Stack;
    alloc(bytes: number): Pointer;
    dealloc(pointer: Pointer): void;
    /** The memory; to be asked for again after every call, since it grows. */
    heap8u(): Uint8Array;
    heap32(): Int32Array;
    poke64(pointer: Pointer, value: bigint): unknown;
    poke64f?(pointer: Pointer, value: number): unknown;
    installFunction(signature: string, f: (...args: never[]) => number): Pointer;
    cstrToJs(pointer: Pointer): string;
  };
  readonly vfs: {
    installVfs(parts: {
      io: { struct: Struct; methods: Methods };
      vfs?: { struct: Struct; name: string; methods: Methods };
    }): unknown;
  };
}

/** What the build exports besides SQLite: the stack that its functions have in its memory, and the table of its functions. */
export interface Stack {
  emscripten_stack_get_current(): Pointer;
  _emscripten_stack_restore(pointer: Pointer): void;
  readonly __indirect_function_table: FunctionTable;
}

/** A table of WebAssembly. */
export interface FunctionTable {
  readonly length: number;
  grow(by: number): number;
  set(index: number, f: unknown): void;
}

/** C functions in JavaScript, by their names. */
export type Methods = Record<string, (...args: never[]) => number>;

interface Struct {
  readonly pointer: Pointer;
}

/** SQLite's C interface: see its own documentation. */
export interface Functions {
  sqlite3_open_v2(name: Pointer, db: Pointer, flags: number, vfs: Pointer): number;
  sqlite3_close_v2(db: Pointer): number;
  sqlite3_extended_result_codes(db: Pointer, on: number): number;
  sqlite3_extended_errcode(db: Pointer): number;
  sqlite3_errmsg(db: Pointer): Pointer;
  sqlite3_error_offset(db: Pointer): number;
  sqlite3_get_autocommit(db: Pointer): number;
  sqlite3_txn_state(db: Pointer, schema: Pointer): number;
  /** Of 32 bits: enough to tell whether there were any since. */
  sqlite3_total_changes(db: Pointer): number;
  sqlite3_changes64(db: Pointer): bigint;
  sqlite3_last_insert_rowid(db: Pointer): bigint;
  sqlite3_progress_handler(db: Pointer, every: number, f: Pointer, data: Pointer): void;
  sqlite3_prepare_v2(db: Pointer, text: Pointer, bytes: number, statement: Pointer, tail: Pointer): number;
  sqlite3_step(statement: Pointer): number;
  sqlite3_stmt_readonly(statement: Pointer): number;
  sqlite3_stmt_status(statement: Pointer, what: number, reset: number): number;
  sqlite3_reset(statement: Pointer): number;
  sqlite3_finalize(statement: Pointer): number;
  sqlite3_clear_bindings(statement: Pointer): number;
  sqlite3_bind_parameter_count(statement: Pointer): number;
  sqlite3_bind_parameter_name(statement: Pointer, index: number): Pointer;
  sqlite3_bind_null(statement: Pointer, index: number): number;
  sqlite3_bind_double(statement: Pointer, index: number, value: number): number;
  sqlite3_bind_int(statement: Pointer, index: number, value: number): number;
  sqlite3_bind_int64(statement: Pointer, index: number, value: bigint): number;
  sqlite3_bind_text(statement: Pointer, index: number, text: Pointer, bytes: number, free: Pointer): number;
  sqlite3_bind_blob(statement: Pointer, index: number, blob: Pointer, bytes: number, free: Pointer): number;
  sqlite3_column_count(statement: Pointer): number;
  sqlite3_column_name(statement: Pointer, column: number): Pointer;
  sqlite3_column_decltype(statement: Pointer, column: number): Pointer;
  sqlite3_column_type(statement: Pointer, column: number): number;
  sqlite3_column_double(statement: Pointer, column: number): number;
  sqlite3_column_int64(statement: Pointer, column: number): bigint;
  sqlite3_column_text(statement: Pointer, column: number): Pointer;
  sqlite3_column_blob(statement: Pointer, column: number): Pointer;
  sqlite3_column_bytes(statement: Pointer, column: number): number;
}

/** Loads the build. */
export async function load(): Promise<Sqlite> {
  const silent = (): void => undefined;
  const module: unknown = await import("@sqlite.org/sqlite-wasm");
  const { default: start } = module as Package;
  // It prints what it throws as well. The setting is a global one, and the program may have its own.
  const before = Object.getOwnPropertyDescriptor(globalThis, setting);
  const own = {
    value: { log: silent, warn: silent, error: silent, debug: silent },
    configurable: true,
    writable: true,
  };
  Object.defineProperty(globalThis, setting, own);
  try {
    return await start({ print: silent, printErr: silent });
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, setting);
    else Object.defineProperty(globalThis, setting, before);
  }
}

const setting = "sqlite3ApiConfig";
