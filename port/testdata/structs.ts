// Structs: zero values, copies, embedding, comparison, pointers to them, and structs without a name.
import { main } from "gocsp";
import { equal, KeyMap } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

/** A point is copied wherever it is assigned. */
class Point {
  x = 0;
  y = 0;

  constructor(init?: Partial<Point>) {
    Object.assign(this, init);
  }

  moved(dx: number): Point {
    const p = this.clone();
    p.x += dx; // a copy
    return p;
  }

  move(dx: number): void {
    this.x += dx;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Point {
    return new Point(this);
  }
}

class Named {
  name = "";
  at = new Point();
  tags: string[] = new Array<string>(2).fill("");

  constructor(init?: Partial<Named>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Named {
    return new Named({ ...this, at: this.at.clone(), tags: this.tags.slice() });
  }
}

/** animal and dog: promoted fields and methods. */
class Animal {
  name = "";

  constructor(init?: Partial<Animal>) {
    Object.assign(this, init);
  }

  rename(name: string): void {
    this.name = name;
  }

  greet(): string {
    return "I am " + this.name;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Animal {
    return new Animal(this);
  }
}

class Dog {
  animal = new Animal();
  age = 0;

  constructor(init?: Partial<Dog>) {
    Object.assign(this, init);
  }

  greet(): string {
    return this.animal.greet();
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Dog {
    return new Dog({ ...this, animal: this.animal.clone() });
  }
}

interface Greeter {
  greet(): string;
}

function change(n: Named): Named {
  n.at.x = 100;
  n.tags[0] = "changed";
  return n;
}

main(() => {
  const zero_ = new Named();
  console.log(zero_.name === "", zero_.at.x, 2);

  const a = new Point({ x: 1, y: 2 });
  const b = a.clone();
  b.x = 10;
  const p = a;
  p.y = 20;
  console.log(a.x, a.y, b.x, b.y);
  console.log(a.moved(5).x, a.x);
  a.move(5);
  console.log(a.x, equal(a, new Point({ x: 6, y: 20 })), !equal(a, b));

  const n = new Named({ name: "n", at: a.clone() });
  const m = change(n.clone());
  console.log(n.at.x, n.tags[0]! === "", m.at.x, m.tags[0]!);

  const points = [new Point({ x: 1, y: 1 }), new Point({ x: 2, y: 2 })];
  for (const qElem of points) {
    const q = qElem.clone();
    q.x = 50; // changes nothing
  }
  for (const i of points.keys()) {
    points[i]!.y *= 10;
  }
  const first_ = points[0]!.clone();
  first_.x = 99;
  console.log(points[0]!.x, points[0]!.y, points[1]!.y, first_.x);

  const d = new Dog({ animal: new Animal({ name: "Rex" }), age: 3 });
  d.animal.rename("Max");
  const g: Greeter = d.clone();
  d.animal.rename("Tom");
  fmt.println(d.animal.greet(), g.greet(), d.animal.name, d.age);

  const byPoint = new KeyMap<Point, string>([[new Point({ x: 1, y: 2 }), "one two"]]);
  byPoint.set(new Point({ x: 3, y: 4 }), "three four");
  fmt.println(byPoint.get(new Point({ x: 1, y: 2 })) ?? "", byPoint.get(new Point({ x: 3, y: 4 })) ?? "", byPoint.size, (byPoint.get(new Point({ x: 5, y: 6 })) ?? "") === "");

  const anonymous = { id: 7, text: "seven" };
  const other = { ...anonymous };
  other.id++;
  console.log(anonymous.id, other.id, other.text);

  let none: Dog | undefined;
  console.log(none === undefined, p !== undefined);
});
