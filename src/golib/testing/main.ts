/**
 * What `TestMain` gets. Mirrors Go's `testing.M`. The runner runs the tests, so `run` has nothing to do; what a `TestMain`
 * prepares it prepares before them.
 */
export class M {
  /** Returns 0, Go's exit code for success. */
  run(): number {
    return 0;
  }
}
