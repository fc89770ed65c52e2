import fc from "fast-check";

/** The channels of a program by index: the first is nil, the next have these capacities. */
export const capacities = [0, 0, 1, 2, 3];
export const channelCount = capacities.length + 1;
/** The contexts of a program: the first never ends. */
export const contextCount = 3;

export type Form = "receive" | "receiveOk" | "next" | "range" | "select";

export interface CaseSpec {
  readonly channel: number;
  readonly sends: boolean;
  /** A case on `ctx.done()` instead. */
  readonly context?: number | undefined;
}

export type Command =
  | { readonly do: "send"; readonly channel: number; readonly context: number | undefined }
  | { readonly do: "receive"; readonly channel: number; readonly context: number | undefined; readonly form: Form }
  | { readonly do: "trySend"; readonly channel: number }
  | { readonly do: "tryReceive"; readonly channel: number }
  | { readonly do: "close"; readonly channel: number }
  | { readonly do: "cancel"; readonly context: number }
  | {
      readonly do: "select";
      readonly cases: readonly CaseSpec[];
      readonly orElse: boolean;
      readonly form: "select" | "selector" | "trySelect";
    }
  | { readonly do: "settle" };

// Two unbuffered channels, one of each other capacity, and rarely the nil channel.
const channel = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: channelCount - 1 }) }, fc.constant(0));
const context = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  fc.integer({ min: 0, max: contextCount - 1 }),
);
const form = fc.constantFrom<Form>("receive", "receiveOk", "next", "range", "select");

const caseSpec: fc.Arbitrary<CaseSpec> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ channel, sends: fc.boolean() }) },
  fc.record({
    channel: fc.constant(0),
    sends: fc.constant(false),
    context: fc.integer({ min: 0, max: contextCount - 1 }),
  }),
);

/** Programs: closes and cancels are rare, so that most of a program happens on open channels. */
export const program: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.record({ do: fc.constant("send" as const), channel, context }) },
    { weight: 20, arbitrary: fc.record({ do: fc.constant("receive" as const), channel, context, form }) },
    {
      weight: 30,
      arbitrary: fc.record({
        do: fc.constant("select" as const),
        // A select that waits with one channel in several cases makes a choice that the model does not make.
        cases: fc.uniqueArray(caseSpec, {
          maxLength: 5,
          selector: ({ channel, sends, context }) => `${channel} ${sends} ${context}`,
        }),
        orElse: fc.nat({ max: 4 }).map((n) => n === 0),
        form: fc.constantFrom("select" as const, "selector" as const, "trySelect" as const),
      }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("trySend" as const), channel }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("tryReceive" as const), channel }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("close" as const), channel }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("cancel" as const), context: fc.integer({ min: 1, max: 2 }) }),
    },
    { weight: 15, arbitrary: fc.constant({ do: "settle" as const }) },
  ),
  { maxLength: 80, size: "max" },
);
