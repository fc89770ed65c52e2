/** Makes an error that many calls return: the place where it was made would mislead. */
export function sentinel(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}
