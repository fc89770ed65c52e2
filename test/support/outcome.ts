/** The state of an operation, readable without waiting for it. */
export interface Outcome<T> {
  state: "waits" | "returned" | "threw";
  value?: T;
  error?: unknown;
}

/** Follows an operation: the result changes when it settles. */
export function follow<T>(operation: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { state: "waits" };
  operation.then(
    (value) => {
      outcome.state = "returned";
      outcome.value = value;
    },
    (error: unknown) => {
      outcome.state = "threw";
      outcome.error = error;
    },
  );
  return outcome;
}
