// Compiled only: what the types of singleflight groups allow and refuse.
import type { ReceiveChan } from "gocsp";
import * as singleflight from "gocsp/singleflight";
import { check, type Equal } from "../support/types.ts";

interface User {
  readonly id: number;
}

// Keys are strings unless another type is given [F4].
export const users = new singleflight.Group<User>();
export const byNumber = new singleflight.Group<User, number>();
const load = async (): Promise<User> => ({ id: 1 });
void users.do("7", load);
void users.do("7", () => ({ id: 1 }));
void byNumber.do(7, load);
// @ts-expect-error a key of the wrong type
void users.do(7, load);
// @ts-expect-error a key of the wrong type
byNumber.forget("7");
// @ts-expect-error a function of the wrong type
void users.do("7", () => 7);
// @ts-expect-error a promise is not a function
void users.do("7", load());

// The results are typed [F2] [F5].
check<Equal<Awaited<ReturnType<typeof users.do>>, [value: User, shared: boolean]>>();
check<Equal<ReturnType<typeof users.doChan>, ReceiveChan<singleflight.Result<User>>>>();
check<Equal<singleflight.Result<User>["val"], User | undefined>>();
check<Equal<singleflight.Result<User>["err"], unknown>>();
// @ts-expect-error the channel is receive-only
void users.doChan("7", load).send({ val: { id: 1 }, err: undefined, shared: false });
