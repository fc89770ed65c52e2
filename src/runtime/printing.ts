/** The methods that print an object for JSON and for the logs of Node, Bun and Deno. */
export const printingMethods: readonly (string | symbol)[] = ["toJSON", Symbol.for("nodejs.util.inspect.custom")];
