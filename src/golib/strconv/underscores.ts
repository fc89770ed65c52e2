/** Tells whether the underscores of a number stand between digits, or between a prefix like `0x` and a digit. */
export function underscoresOk(text: string): boolean {
  if (!text.includes("_")) return true;
  const number = text.replace(/^[+-]/, "").toLowerCase();
  const prefix = /^0[box]/.test(number);
  const digits = prefix ? number.slice(2) : number;
  const digit = number.startsWith("0x") ? "[\\da-f]" : "\\d";
  // The prefix counts as a digit.
  const before = prefix ? `(?:^|${digit})` : digit;
  const allowed = digits.replace(new RegExp(`(${before})_(?=${digit})`, "g"), "$1");
  return !allowed.includes("_");
}
