// Imported before a program: the module that makes the report is missing, as when a bundle was deployed in part.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.endsWith("/report.js")) throw new Error("there is no such module");
    return next(specifier, context);
  },
});
