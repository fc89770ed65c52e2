/** Makes an error that many calls throw: the place where it was made would mislead everybody who reads it. */
export function sentinel(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}
