import { describe } from "../runtime/arguments.ts";
import { type IsolationLevel, isolationLevels, type TxOptions as DriverOptions } from "./driver/driver.ts";

/** How to begin a transaction; what is left out is the database's default. Mirrors Go's `sql.TxOptions`. */
export interface TxOptions {
  /** How far it sees what others do at the same time. */
  readonly isolation?: IsolationLevel;
  /** Whether it only reads. */
  readonly readOnly?: boolean;
}

/** Checks the options of a transaction and fills in the defaults for the driver. */
export function driverOptions(options: TxOptions | undefined): DriverOptions {
  const isolation = options?.isolation ?? "Default";
  if (!isolationLevels.includes(isolation)) {
    throw new TypeError(
      `sql: the isolation level must be one of ${isolationLevels.join(", ")}, got ${describe(isolation)}`,
    );
  }
  return { isolation, readOnly: options?.readOnly ?? false };
}
