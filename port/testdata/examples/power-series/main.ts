// Power series as streams: a goroutine per operation, a channel per series, one coefficient after the other, without
// end. McIlroy's idea: exp and tan are networks that feed on their own output (exp = 1 + ∫exp, tan = ∫(1 + tan²)).
import {
  type Chan,
  chan,
  type Context,
  context,
  go,
  main,
  nilChan,
  type ReceiveChan,
  select,
  send,
  type SendChan,
} from "gocsp";
import { at, div, rem } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Rat {
  num = 0;
  den = 0;

  constructor(init?: Partial<Rat>) {
    Object.assign(this, init);
  }

  plus(b: Rat): Rat {
    return ratio(this.num * b.den + b.num * this.den, this.den * b.den);
  }

  times(b: Rat): Rat {
    return ratio(this.num * b.num, this.den * b.den);
  }

  toString(): string {
    if (this.den === 1) {
      return fmt.sprint(this.num);
    }
    return `${this.num}/${this.den}`;
  }
}

function gcd(a: number, b: number): number {
  while (b !== 0) {
    [a, b] = [b, rem(a, b)];
  }
  return a;
}

function ratio(num: number, den: number): Rat {
  let g = gcd(num, den);
  if (g < 0) {
    g = -g;
  }
  return new Rat({ num: div(num, g), den: div(den, g) });
}

type Series = ReceiveChan<Rat>;

/** put sends x unless ctx ends first. */
async function put_(ctx: Context, out: SendChan<Rat>, x: Rat): Promise<boolean> {
  const op = await select({ sent: send(out, x), done: ctx.done() });
  switch (op.case) {
    case "sent":
      return true;
    case "done":
      return false;
  }
}

/** get receives a coefficient unless ctx ends first. */
async function get(ctx: Context, in_: Series): Promise<[Rat, boolean]> {
  const op = await select({ in: in_, done: ctx.done() });
  switch (op.case) {
    case "in": {
      const x = op.value!;
      return [x, true];
    }
    case "done":
      return [new Rat({ num: 0, den: 1 }), false];
  }
}

/** integrate sends first, and then the n-th coefficient of in divided by n. */
function integrate(ctx: Context, first_: Rat, in_: Series): Series {
  const out = chan<Rat>();
  go(async () => {
    let x = first_;
    let ok = true;
    for (let n = 1; ok && await put_(ctx, out, x); n++) {
      [x, ok] = await get(ctx, in_);
      x = x.times(new Rat({ num: 1, den: n }));
    }
  });
  return out;
}

/** onePlus adds 1 to the first coefficient. */
function onePlus(ctx: Context, in_: Series): Series {
  const out = chan<Rat>();
  go(async () => {
    let [x, ok] = await get(ctx, in_);
    x = x.plus(new Rat({ num: 1, den: 1 }));
    while (ok && await put_(ctx, out, x)) {
      [x, ok] = await get(ctx, in_);
    }
  });
  return out;
}

/** multiply keeps what it has seen of both: each coefficient of a product needs all that came before. */
function multiply(ctx: Context, a: Series, b: Series): Series {
  const out = chan<Rat>();
  go(async () => {
    const as: Rat[] = [];
    const bs: Rat[] = [];
    for (;;) {
      const [x, ok] = await get(ctx, a);
      const [y, okY] = await get(ctx, b);
      if (!ok || !okY) {
        return;
      }
      as.push(x);
      bs.push(y);
      let sum = new Rat({ num: 0, den: 1 });
      for (const i of as.keys()) {
        sum = sum.plus(as[i]!.times(at(bs, bs.length - 1 - i)));
      }
      if (!await put_(ctx, out, sum)) {
        return;
      }
    }
  });
  return out;
}

/** split copies a series into n; each copy is passed on by a goroutine of its own, as fast as it is read. */
function split(ctx: Context, in_: Series, ...outs: SendChan<Rat>[]): void {
  const copies = Array.from({ length: outs.length }, (): Chan<Rat> => nilChan());
  for (const [i, out] of outs.entries()) {
    copies[i] = chan<Rat>(16);
    go(async () => {
      for (;;) {
        const [x, ok] = await get(ctx, copies[i]!);
        if (!ok || !await put_(ctx, out, x)) {
          return;
        }
      }
    });
  }
  go(async () => {
    for (;;) {
      const [x, ok] = await get(ctx, in_);
      if (!ok) {
        return;
      }
      for (const c of copies) {
        if (!await put_(ctx, c, x)) {
          return;
        }
      }
    }
  });
}

function exp(ctx: Context): Series {
  const out = chan<Rat>();
  const back = chan<Rat>();
  split(ctx, integrate(ctx, new Rat({ num: 1, den: 1 }), back), out, back);
  return out;
}

function tan(ctx: Context): Series {
  const out = chan<Rat>();
  const a = chan<Rat>();
  const b = chan<Rat>();
  const square = multiply(ctx, a, b);
  split(ctx, integrate(ctx, new Rat({ num: 0, den: 1 }), onePlus(ctx, square)), out, a, b);
  return out;
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  const show = async (name: string, s: Series) => {
    fmt.print(name, ":");
    for (let i = 0; i < 8; i++) {
      fmt.print(" ", (await s.receive())!);
    }
    console.log();
  };
  await show("exp", exp(ctx));
  await show("tan", tan(ctx));
  await show("exp squared", multiply(ctx, exp(ctx), exp(ctx)));
  await show("integral of tan", integrate(ctx, new Rat({ num: 0, den: 1 }), tan(ctx)));
});
