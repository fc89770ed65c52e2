// The interface between a subject's module and the measuring process.

/** Does a workload n times, and returns the result that the workload checks. */
export type Run = (n: number) => number | Promise<number>;

/** The workloads that a subject can express, by `workload` or `workload/form`. */
export type Runs = Readonly<Record<string, Run>>;

/** Lets a task run beside the caller; its failure ends the measurement. */
export function background(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
