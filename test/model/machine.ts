import { type Case, chan, type Chan, context, type Context, nilChan, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { capacities, type CaseSpec, type Command, contextCount } from "./commands.ts";
import { Model, ModelChannel, type Result, type Wish } from "./sequential.ts";

/** The state of each operation of a program, in the order in which they began. */
export type History = Result[];

const ended: Result = { is: "panic", text: "context canceled" };

/** Runs a program against the library. */
export class Library {
  readonly history: History = [];
  readonly #chans: Chan<number>[] = [nilChan<number>(), ...capacities.map((capacity) => chan<number>(capacity))];
  readonly #contexts: { ctx: Context; cancel: () => void }[] = Array.from({ length: contextCount }, (_, i) => {
    if (i === 0) return { ctx: context.background(), cancel: () => undefined };
    const [ctx, cancel] = context.withCancel(context.background());
    return { ctx, cancel };
  });
  #value = 0;

  lengths(): number[] {
    return this.#chans.map((ch) => ch.length);
  }

  run(command: Exclude<Command, { do: "settle" }>): void {
    const value = ++this.#value;
    switch (command.do) {
      case "send":
        this.#record(
          this.#chan(command.channel)
            .send(value, this.#context(command.context))
            .then(() => ({ is: "chosen", name: "it", value: undefined, ok: true })),
        );
        break;
      case "receive":
        this.#record(this.#receive(command));
        break;
      case "trySend":
        this.#recordNow(() =>
          this.#chan(command.channel).trySend(value)
            ? { is: "chosen", name: "it", value: undefined, ok: true }
            : { is: "chosen", name: "default", value: undefined, ok: false },
        );
        break;
      case "tryReceive":
        this.#recordNow(() => {
          const got = this.#chan(command.channel).tryReceive();
          return got === undefined
            ? { is: "chosen", name: "default", value: undefined, ok: false }
            : { is: "chosen", name: "it", value: got.value, ok: got.ok };
        });
        break;
      case "close":
        this.#recordNow(() => {
          this.#chan(command.channel).close();
          return { is: "chosen", name: "it", value: undefined, ok: true };
        });
        break;
      case "cancel":
        this.#contexts[command.context]?.cancel();
        break;
      case "select":
        this.#select(command, value);
    }
  }

  #select({ cases, orElse, form }: Extract<Command, { do: "select" }>, value: number): void {
    const named: Record<string, Case> = {};
    for (const [i, spec] of cases.entries()) named[`case ${i}`] = this.#case(spec, value + i / 10);
    const given = orElse ? { ...named, default: true } : named;
    if (form === "trySelect") {
      this.#recordNow(() => {
        const op = selector(given).trySelect();
        return op === undefined
          ? { is: "chosen", name: "default", value: undefined, ok: false }
          : { is: "chosen", name: op.case, value: op.value as number | undefined, ok: op.ok };
      });
    } else {
      const selecting = form === "select" ? select(given) : selector(given).select();
      this.#record(
        selecting.then((op) => ({ is: "chosen", name: op.case, value: op.value as number | undefined, ok: op.ok })),
      );
    }
  }

  async #receive({ channel, context, form }: Extract<Command, { do: "receive" }>): Promise<Result> {
    const ch = this.#chan(channel);
    const ctx = this.#context(context);
    if (form === "receive") {
      const value = await ch.receive(ctx);
      return { is: "chosen", name: "it", value, ok: value !== undefined };
    }
    if (form === "next" || form === "range") {
      const iterable = ctx === undefined ? ch : ch.range(ctx);
      const { value, done } = await iterable[Symbol.asyncIterator]().next();
      return { is: "chosen", name: "it", value: value as number | undefined, ok: done !== true };
    }
    if (form === "select" && ctx === undefined) {
      const op = await select({ it: ch });
      return { is: "chosen", name: "it", value: op.value, ok: op.ok };
    }
    const [value, ok] = await ch.receiveOk(ctx);
    return { is: "chosen", name: "it", value, ok };
  }

  #case({ channel, sends, context }: CaseSpec, value: number): Case {
    if (context !== undefined) return (this.#contexts[context] as { ctx: Context }).ctx.done();
    const ch = channel === 0 && value % 2 < 1 ? null : this.#chan(channel);
    return sends ? send(ch, value) : ch;
  }

  #chan(index: number): Chan<number> {
    return this.#chans[index] as Chan<number>;
  }

  #context(index: number | undefined): Context | undefined {
    return index === undefined ? undefined : this.#contexts[index]?.ctx;
  }

  #record(operation: Promise<Result>): void {
    const index = this.history.push({ is: "waiting" }) - 1;
    operation.then(
      (result) => (this.history[index] = result),
      (error: Error) => (this.history[index] = { is: "panic", text: error.message }),
    );
  }

  #recordNow(operation: () => Result): void {
    try {
      this.history.push(operation());
    } catch (error) {
      this.history.push({ is: "panic", text: (error as Error).message });
    }
  }
}

/** Runs the same program against the model. */
export class Reference {
  readonly history: History = [];
  readonly #model: Model;
  readonly #chans: (ModelChannel | null)[] = [null, ...capacities.map((capacity) => new ModelChannel(capacity))];
  /** A context is a channel that is closed by its end. The first never ends. */
  readonly #contexts: (ModelChannel | null)[] = [null, new ModelChannel(0), new ModelChannel(0)];
  #value = 0;

  constructor(choose: (ready: number) => number) {
    this.#model = new Model(choose);
  }

  get parkedCount(): number {
    return this.#model.parkedCount;
  }

  lengths(): number[] {
    return this.#chans.map((ch) => ch?.buffer.length ?? 0);
  }

  run(command: Exclude<Command, { do: "settle" }>): void {
    const value = ++this.#value;
    switch (command.do) {
      case "send":
        this.#until(command.context, { name: "it", channel: this.#chan(command.channel), offer: value });
        break;
      case "receive":
        this.#until(command.context, { name: "it", channel: this.#chan(command.channel) });
        break;
      case "trySend":
        this.#record([{ name: "it", channel: this.#chan(command.channel), offer: value }], "default");
        break;
      case "tryReceive":
        this.#record([{ name: "it", channel: this.#chan(command.channel) }], "default");
        break;
      case "close": {
        const panic = this.#model.close(this.#chan(command.channel));
        if (panic !== undefined) this.history.push({ is: "panic", text: panic });
        else this.history.push({ is: "chosen", name: "it", value: undefined, ok: true });
        break;
      }
      case "cancel": {
        const context = this.#contexts[command.context] as ModelChannel;
        if (!context.closed) this.#model.close(context);
        break;
      }
      case "select": {
        const wishes = command.cases.map(({ channel, sends, context }, i): Wish => {
          const name = `case ${i}`;
          if (context !== undefined) return { name, channel: this.#contexts[context] as ModelChannel | null };
          return { name, channel: this.#chan(channel), offer: sends ? value + i / 10 : undefined };
        });
        this.#record(wishes, command.orElse || command.form === "trySelect" ? "default" : "waits");
      }
    }
  }

  /** An operation with a context looks at the context first, and waits for both. */
  #until(index: number | undefined, wish: Wish): void {
    const context = index === undefined ? null : (this.#contexts[index] as ModelChannel | null);
    if (context === null) this.#record([wish], "waits");
    else if (context.closed) this.history.push(ended);
    else this.#record([wish, { name: "end", channel: context }], "waits");
  }

  #record(wishes: readonly Wish[], orElse: "waits" | "default"): void {
    const index = this.history.push({ is: "waiting" }) - 1;
    this.#model.select(wishes, orElse, (result) => {
      this.history[index] = result.is === "chosen" && result.name === "end" ? ended : result;
    });
  }

  #chan(index: number): ModelChannel | null {
    return this.#chans[index] as ModelChannel | null;
  }
}
