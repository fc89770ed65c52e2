// What a subject's module gives to the measuring process.

/** Does a workload's work n times and returns what the workload's check expects. */
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
