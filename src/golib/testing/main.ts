/**
 * The argument of `TestMain`. Mirrors Go's `testing.M`. The runner runs the tests, so `run` does nothing. A `TestMain`
 * runs before the tests.
 */
export class M {
  /** Returns 0, Go's exit code for success. */
  run(): number {
    return 0;
  }
}
