/** Makes logs and JSON print the objects of a class by their `toString`. */
export function showAsString(type: { prototype: object }): void {
  for (const method of ["toJSON", Symbol.for("nodejs.util.inspect.custom")]) {
    Object.defineProperty(type.prototype, method, {
      value(this: object) {
        return this.toString();
      },
    });
  }
}
