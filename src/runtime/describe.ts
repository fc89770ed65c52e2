/** Prints a wrong argument for an error's text: short, on one line, and whatever it is. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return `function ${value.name}`.trimEnd();
  if (typeof value === "object" && value !== null) {
    return (Object.getPrototypeOf(value) as Partial<object> | null)?.constructor?.name ?? "object";
  }
  return String(value);
}
