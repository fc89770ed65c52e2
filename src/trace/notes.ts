/**
 * Notes about objects of others, kept as long as the objects. A WeakMap does the same, but each new key costs it a
 * microsecond, and its keys cost each collection: too much for a log that a server keeps all the time.
 */

/** As the constructor of a base class, it puts the fields of the class into the object that it is given. */
const itself = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

/** A field of an object of somebody else, which nobody else can see. */
class Note extends itself {
  readonly #of: object;
  #value: unknown;

  constructor(object: object, of: object, value: unknown) {
    super(object);
    this.#of = of;
    this.#value = value;
  }

  /** Writes a note. Returns false if the object has one of another owner. */
  static write(object: object, of: object, value: unknown): boolean {
    if (!(#of in object)) return new Note(object, of, value) === object;
    if (object.#of !== of) return false;
    object.#value = value;
    return true;
  }

  /** Returns the note of an owner; undefined if there is none. */
  static read(object: object, of: object): unknown {
    return #of in object && object.#of === of ? object.#value : undefined;
  }
}

/** Values by object. An object carries the value of whoever notes one first; a WeakMap has those of the others. */
export class Notes<Value extends {}> {
  /** Made when it is needed, which is hardly ever. */
  #others: WeakMap<object, Value> | undefined = undefined;

  get(object: object): Value | undefined {
    const note = Note.read(object, this) as Value | undefined;
    return note === undefined && this.#others !== undefined ? this.#others.get(object) : note;
  }

  set(object: object, value: Value): void {
    // What is frozen may refuse the field.
    if (Object.isExtensible(object) && Note.write(object, this, value)) return;
    this.#others ??= new WeakMap();
    this.#others.set(object, value);
  }
}
