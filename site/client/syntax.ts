/** Where a text stops being a program: the editor's parser knows the place better than the one that erases types. */

import { typescriptLanguage } from "@codemirror/lang-javascript";

/** Returns the line of the first fault of syntax; 0 if there is none. */
export function faultyLine(text: string): number {
  let at = -1;
  typescriptLanguage.parser.parse(text).iterate({
    enter: (node) => {
      if (at < 0 && node.type.isError) at = node.from;
      return at < 0;
    },
  });
  return at < 0 ? 0 : text.slice(0, at).split("\n").length;
}
