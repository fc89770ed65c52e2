/** True if the two types are the same, not merely assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`: `check<Equal<A, B>>()`. */
export declare function check<_ extends true>(): void;
