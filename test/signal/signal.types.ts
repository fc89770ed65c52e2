// Compiled only: what the types of signals allow and refuse.
import { type CancelFunc, chan, type Context, context, type SendChan } from "gocsp";
import * as signal from "gocsp/signal";
import { check, type Equal } from "../support/types.ts";

// A pair of a context and its stop function, which is disposable [N1] [N5].
export const [ctx, stop] = signal.notifyContext(context.background(), "SIGINT", "SIGTERM");
check<Equal<typeof ctx, Context>>();
check<Equal<typeof stop, CancelFunc>>();
export const disposable: Disposable = stop;
signal.notifyContext(context.background());
// @ts-expect-error a signal goes by its system name
signal.notifyContext(context.background(), "interrupt");
// @ts-expect-error or number
signal.notifyContext(context.background(), 2);
// @ts-expect-error there is no context without a parent
signal.notifyContext("SIGINT");

// Channels of signals, also of names in general; the sending direction suffices [N9].
export const signals = chan<signal.Signal>(1);
signal.notify(signals, "SIGHUP");
export const sending: SendChan<signal.Signal> = signals;
signal.notify(sending, "SIGHUP");
signal.notify(chan<string>(1), "SIGHUP");
signal.stop(signals);
export const node: signal.Signal = "SIGTERM" satisfies NodeJS.Signals;
// @ts-expect-error numbers are no signals
signal.notify(chan<number>(1), "SIGHUP");
// @ts-expect-error it is receive-only
signal.notify(ctx.done(), "SIGHUP");
check<Equal<ReturnType<typeof signal.ignored>, boolean>>();
check<Equal<ReturnType<typeof signal.signalName>, string>>();
