/**
 * The rules as a plugin, for ESLint and for oxlint's `jsPlugins`: `gocsp/lint/plugin`.
 *
 * @module
 */

import type { Rule } from "../ast.ts";
import { catchGoexit } from "../rules/catch-goexit.ts";
import { deferScope } from "../rules/defer-scope.ts";
import { lockedUsing } from "../rules/locked-using.ts";
import { loopWithoutAwait } from "../rules/loop-without-await.ts";
import { lostCancel } from "../rules/lost-cancel.ts";
import { needlessMutex } from "../rules/needless-mutex.ts";
import { noAsyncDefer } from "../rules/no-async-defer.ts";
import { noThenMethod } from "../rules/no-then-method.ts";
import { selectBreak } from "../rules/select-break.ts";
import { sendPromise } from "../rules/send-promise.ts";
import { unboundGo } from "../rules/unbound-go.ts";

/** A plugin as ESLint and oxlint load it. */
export interface Plugin {
  readonly meta: { readonly name: string };
  readonly rules: Readonly<Record<string, Rule>>;
}

/** All rules by their names. */
const plugin: Plugin = {
  meta: { name: "gocsp" },
  rules: {
    "catch-goexit": catchGoexit,
    "defer-scope": deferScope,
    "locked-using": lockedUsing,
    "loop-without-await": loopWithoutAwait,
    "lost-cancel": lostCancel,
    "needless-mutex": needlessMutex,
    "no-async-defer": noAsyncDefer,
    "no-then-method": noThenMethod,
    "select-break": selectBreak,
    "send-promise": sendPromise,
    "unbound-go": unboundGo,
  },
};

// Linters load a plugin by its default export.
export default plugin;
