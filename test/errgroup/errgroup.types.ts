// Compiled only: what the types of groups allow and refuse.
import type { Context } from "gocsp";
import { context } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { check, type Equal } from "../support/types.ts";

// A pair of a group and its context [E5].
export const [group, ctx] = errgroup.withContext(context.background());
check<Equal<typeof group, errgroup.Group>>();
check<Equal<typeof ctx, Context>>();
// @ts-expect-error a group is not a context
errgroup.withContext(group);
// @ts-expect-error there is no context without a parent
errgroup.withContext();

// Any function without parameters, whatever it returns [E18].
check<Equal<ReturnType<typeof group.go>, Promise<void>>>();
check<Equal<ReturnType<typeof group.wait>, Promise<void>>>();
void group.go(() => 1);
void group.go(async () => undefined);
export const started: boolean = group.tryGo(() => undefined);
// @ts-expect-error the function gets no arguments
void group.go((n: number) => n);
// @ts-expect-error a promise is not a function
void group.go(Promise.resolve());
// @ts-expect-error a limit is a number
group.setLimit("4");
