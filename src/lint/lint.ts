/**
 * Lint presets and rules for common mistakes with goroutines, locks and contexts, above all in code ported from Go. For
 * oxlint and for ESLint with typescript-eslint; docs/lint.md has a section for each rule.
 *
 * @module
 */

import plugin, { type Plugin } from "./plugin/plugin.ts";

export type { Plugin } from "./plugin/plugin.ts";
export type { Rule } from "./ast.ts";

type Severity = "error" | "off";
type Rules = Readonly<Record<string, Severity | readonly [Severity, ...unknown[]]>>;

/** The rules of this package. `needless-mutex` is only in {@link porting}: a mutex that is not needed does no harm. */
const own: Rules = {
  "gocsp/catch-goexit": "error",
  "gocsp/defer-scope": "error",
  "gocsp/locked-using": "error",
  "gocsp/loop-without-await": "error",
  "gocsp/lost-cancel": "error",
  "gocsp/no-async-defer": "error",
  "gocsp/no-then-method": "error",
  "gocsp/select-break": "error",
  "gocsp/send-promise": "error",
  "gocsp/unbound-go": "error",
};

const runners = [{ from: "package", package: "node:test", name: ["test", "it", "suite", "describe"] }];

/** A parameter that is not used is part of a signature; what matters here is a `cancel` that nobody calls. */
const unusedVars = { args: "none", varsIgnorePattern: "^_" };

/**
 * The typed rules that find the most common omissions: a missing `await`, a missing `return await` under `using`, a
 * method without its object.
 */
function typeAware(prefix: "typescript" | "@typescript-eslint"): Rules {
  return {
    [`${prefix}/await-thenable`]: "error",
    // The runner waits for the tests that it is given.
    [`${prefix}/no-floating-promises`]: ["error", { allowForKnownSafeCalls: runners }],
    [`${prefix}/no-misused-promises`]: "error",
    // `go(() => server.run())` and `defer(() => pool.stop())` are how calls read that are made later.
    [`${prefix}/promise-function-async`]: ["error", { checkArrowFunctions: false }],
    [`${prefix}/return-await`]: ["error", "error-handling-correctness-only"],
    [`${prefix}/unbound-method`]: "error",
  };
}

/** A configuration of oxlint, to extend or merge. */
export interface OxlintConfig {
  readonly plugins: readonly string[];
  readonly jsPlugins: readonly string[];
  readonly options: { readonly typeAware: true };
  readonly rules: Rules;
}

/**
 * The preset for oxlint with `oxlint-tsgolint`, for an `oxlint.config.ts`.
 *
 * @example
 * ```ts
 * // oxlint.config.ts: export default { ...lint.oxlint };
 * console.log(lint.oxlint.rules["gocsp/lost-cancel"]); // error
 * ```
 */
export const oxlint: OxlintConfig = {
  plugins: ["eslint", "typescript"],
  jsPlugins: ["gocsp/lint/plugin"],
  options: { typeAware: true },
  rules: {
    "no-fallthrough": "error",
    "no-unused-vars": ["error", unusedVars],
    ...typeAware("typescript"),
    ...own,
  },
};

/** A configuration of ESLint. */
export interface EslintConfig {
  readonly name: string;
  readonly plugins: { readonly gocsp: Plugin };
  readonly rules: Rules;
}

/**
 * The preset for ESLint's flat configuration. It goes after that of `typescript-eslint`: it needs its parser with
 * types, and its plugin under the name `@typescript-eslint`.
 *
 * @example
 * ```ts
 * // eslint.config.js: export default tseslint.config(tseslint.configs.base, { languageOptions: … }, lint.eslint);
 * console.log(lint.eslint.name); // gocsp
 * ```
 */
export const eslint: EslintConfig = {
  name: "gocsp",
  plugins: { gocsp: plugin },
  rules: {
    "no-fallthrough": "error",
    "@typescript-eslint/no-unused-vars": ["error", unusedVars],
    ...typeAware("@typescript-eslint"),
    ...own,
  },
};

/** The rules that this package adds to {@link oxlint} and {@link eslint} for ported code: see `needless-mutex`. */
export const porting: Rules = { "gocsp/needless-mutex": "error" };

export { plugin };
