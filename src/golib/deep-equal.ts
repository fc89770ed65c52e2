/** Deep comparison. */

/**
 * Tells whether two values are deeply equal, as Go's `reflect.DeepEqual`: arrays, maps and objects of the same class by
 * their contents, functions only if both are nil, numbers by `===`, so that NaN is not equal to itself unless it is in
 * the same object.
 */
export function deepEqual(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

function compare(a: unknown, b: unknown, seen: Map<object, object>): boolean {
  if (typeof a === "function" || typeof b === "function") return false;
  if (a === b) return true;
  if (isNil(a) && isNil(b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  // A pair seen before counts as equal, which ends cycles: a difference in it makes the whole comparison false anyway.
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Map) return compareMaps(a, b as Map<unknown, unknown>, seen);
  if (a instanceof Date && a.getTime() !== (b as Date).getTime()) return false;
  if (a instanceof Error && (a.message !== (b as Error).message || !compare(a.cause, (b as Error).cause, seen)))
    return false;
  if (isOpaque(a)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && compare((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], seen),
  );
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

function compareMaps(a: Map<unknown, unknown>, b: Map<unknown, unknown>, seen: Map<object, object>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !compare(value, b.get(key), seen)) return false;
  return true;
}

/** Channels and promises are equal to themselves only. */
function isOpaque(value: object): boolean {
  return value instanceof Promise || ("trySend" in value && "tryReceive" in value);
}
