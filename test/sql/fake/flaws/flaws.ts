/** All drivers that are wrong. */

import { cancelFlaws } from "./cancels.ts";
import { connectionFlaws } from "./connections.ts";
import type { Flaw } from "./flaw.ts";
import { rowFlaws } from "./rows.ts";
import { statementFlaws } from "./statements.ts";
import { transactionFlaws } from "./transactions.ts";
import { valueFlaws } from "./values.ts";

export const flaws: readonly Flaw[] = [
  ...connectionFlaws,
  ...valueFlaws,
  ...statementFlaws,
  ...rowFlaws,
  ...transactionFlaws,
  ...cancelFlaws,
];
