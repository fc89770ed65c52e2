// Compiled only: what the types of semaphores allow and refuse.
import { context } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import { check, type Equal } from "../support/types.ts";

export const sem = new semaphore.Weighted(3);
check<Equal<ReturnType<typeof sem.acquire>, Promise<void>>>();
check<Equal<ReturnType<typeof sem.tryAcquire>, boolean>>();
check<Equal<ReturnType<typeof sem.release>, void>>();

// The number of tokens is one unless it is given; the context must be given [M1].
void sem.acquire(context.background());
void sem.acquire(context.background(), 2);
void sem.acquire({ done: () => null, err: () => undefined }, 2);
sem.tryAcquire();
sem.release();
// @ts-expect-error acquire needs a context
void sem.acquire();
// @ts-expect-error nor with only a number
void sem.acquire(2);
// @ts-expect-error the size must be given
export const none = new semaphore.Weighted();
// @ts-expect-error a number is a number
sem.release("2");
