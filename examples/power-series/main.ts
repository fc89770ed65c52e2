// Power series as streams: a goroutine per operation, a channel per series, one coefficient after the other, without
// end. McIlroy's idea: exp and tan are networks that feed on their own output (exp = 1 + ∫exp, tan = ∫(1 + tan²)).
import { type Chan, chan, context, type Context, go, main, type ReceiveChan, select, send, type SendChan } from "gocsp";

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

class Rat {
  readonly num: number;
  readonly den: number;

  constructor(num: number, den: number) {
    const g = Math.abs(gcd(num, den));
    this.num = num / g;
    this.den = den / g;
  }

  plus(b: Rat) {
    return new Rat(this.num * b.den + b.num * this.den, this.den * b.den);
  }

  times(b: Rat) {
    return new Rat(this.num * b.num, this.den * b.den);
  }

  toString() {
    return this.den === 1 ? `${this.num}` : `${this.num}/${this.den}`;
  }
}

const [zero, one] = [new Rat(0, 1), new Rat(1, 1)];

type Series = ReceiveChan<Rat>;

/** Sends `x` unless `ctx` ends first. */
const put = async (ctx: Context, out: SendChan<Rat>, x: Rat): Promise<boolean> => {
  const op = await select({ sent: send(out, x), done: ctx.done() });
  return op.case === "sent";
};

/** Receives a coefficient unless `ctx` ends first. */
const get = async (ctx: Context, input: Series): Promise<Rat | undefined> => {
  const op = await select({ received: input, done: ctx.done() });
  return op.value;
};

/** Sends `first`, and then the n-th coefficient of `input` divided by n. */
const integrate = (ctx: Context, first: Rat, input: Series): Series => {
  const out = chan<Rat>();
  go(async () => {
    let x: Rat | undefined = first;
    for (let n = 1; x && (await put(ctx, out, x)); n++) {
      x = await get(ctx, input);
      x = x?.times(new Rat(1, n));
    }
  });
  return out;
};

/** Adds 1 to the first coefficient. */
const onePlus = (ctx: Context, input: Series): Series => {
  const out = chan<Rat>();
  go(async () => {
    let x = await get(ctx, input);
    x = x?.plus(one);
    while (x && (await put(ctx, out, x))) x = await get(ctx, input);
  });
  return out;
};

/** Keeps what it has seen of both: each coefficient of a product needs all that came before. */
const multiply = (ctx: Context, a: Series, b: Series): Series => {
  const out = chan<Rat>();
  go(async () => {
    const [as, bs]: [Rat[], Rat[]] = [[], []];
    for (;;) {
      const x = await get(ctx, a);
      const y = await get(ctx, b);
      if (!x || !y) return;
      as.push(x);
      bs.push(y);
      const sum = as.reduce((sum, a, i) => sum.plus(a.times(bs[bs.length - 1 - i]!)), zero);
      if (!(await put(ctx, out, sum))) return;
    }
  });
  return out;
};

/** Copies a series into several; each copy is passed on by a goroutine of its own, as fast as it is read. */
const split = (ctx: Context, input: Series, ...outs: SendChan<Rat>[]) => {
  const copies: Chan<Rat>[] = [];
  for (const out of outs) {
    const copy = chan<Rat>(16);
    copies.push(copy);
    go(async () => {
      for (;;) {
        const x = await get(ctx, copy);
        if (!x || !(await put(ctx, out, x))) return;
      }
    });
  }
  go(async () => {
    for (;;) {
      const x = await get(ctx, input);
      if (!x) return;
      for (const c of copies) if (!(await put(ctx, c, x))) return;
    }
  });
};

const exp = (ctx: Context): Series => {
  const [out, back] = [chan<Rat>(), chan<Rat>()];
  split(ctx, integrate(ctx, one, back), out, back);
  return out;
};

const tan = (ctx: Context): Series => {
  const [out, a, b] = [chan<Rat>(), chan<Rat>(), chan<Rat>()];
  const square = multiply(ctx, a, b);
  split(ctx, integrate(ctx, zero, onePlus(ctx, square)), out, a, b);
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  const show = async (name: string, s: Series) => {
    const first: string[] = [];
    for (let i = 0; i < 8; i++) first.push(`${await s.receive()}`);
    console.log(`${name}: ${first.join(" ")}`);
  };
  await show("exp", exp(ctx));
  await show("tan", tan(ctx));
  await show("exp squared", multiply(ctx, exp(ctx), exp(ctx)));
  await show("integral of tan", integrate(ctx, zero, tan(ctx)));
});
