/** The editor: CodeMirror with the few extensions that a short program needs. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascriptLanguage, typescriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  LanguageSupport,
  syntaxHighlighting,
} from "@codemirror/language";
import { Annotation, Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly readonly: boolean;
  readonly dark: boolean;
  readonly changed: (text: string) => void;
  readonly hover: (line: number) => void;
  readonly run: () => void;
}

export interface CodeEditor {
  set(text: string): void;
  /** Lights the line at work, and the one that is to blame; 0 for none. */
  mark(active: number, error: number): void;
  dark(dark: boolean): void;
  focus(): void;
  /** Loads what knows types. */
  hints(): Promise<void>;
  destroy(): void;
}

/** A text that was set from outside: whoever set it knows. */
const fromOutside = Annotation.define<boolean>();

const setMarks = StateEffect.define<{ active: number; error: number }>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let marked = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const { doc } = transaction.state;
      const lines = [
        { line: effect.value.active, name: "cm-at-work" },
        { line: effect.value.error, name: "cm-to-blame" },
      ].filter(({ line }) => line >= 1 && line <= doc.lines);
      marked = Decoration.set(
        lines.map(({ line, name }) => Decoration.line({ class: name }).range(doc.line(line).from)),
        true,
      );
    }
    return marked;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Colours come from the site's, so that both themes are its own. */
const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.operatorKeyword],
    color: "var(--code-keyword)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className], color: "var(--code-type)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--vp-c-text-1)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "2px solid var(--vp-c-brand-1)", outlineOffset: "-2px" },
  ".cm-content": { fontFamily: "var(--vp-font-family-mono)", caretColor: "var(--vp-c-text-1)" },
  ".cm-cursor": { borderLeftColor: "var(--vp-c-text-1)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--vp-c-text-3)", border: "none" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--vp-c-text-1)" },
});

export function createEditor(parent: HTMLElement, options: EditorOptions): CodeEditor {
  const theme = new Compartment();
  const more = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: true }),
        new LanguageSupport(
          typescriptLanguage,
          javascriptLanguage.data.of({ closeBrackets: { brackets: ["(", "[", "{", "'", '"', "`"] } }),
        ),
        syntaxHighlighting(colours),
        look,
        theme.of(EditorView.darkTheme.of(options.dark)),
        more.of([]),
        marks,
        EditorView.lineWrapping,
        EditorState.readOnly.of(options.readonly),
        EditorView.contentAttributes.of({ "aria-label": options.label }),
        // Tab leaves the editor, as it does everywhere on the page.
        keymap.of([
          { key: "Mod-Enter", run: () => (options.run(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          const own = update.transactions.every((one) => !one.docChanged || one.annotation(fromOutside) === true);
          if (update.docChanged && !own) options.changed(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({
          mousemove(event, view) {
            const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
            options.hover(at === null ? 0 : view.state.doc.lineAt(at).number);
          },
          mouseleave: () => options.hover(0),
        }),
      ],
    }),
  });
  return {
    set(text) {
      const { doc } = view.state;
      if (doc.toString() === text) return;
      view.dispatch({
        changes: { from: 0, to: doc.length, insert: text },
        annotations: fromOutside.of(true),
      });
    },
    mark: (active, error) => view.dispatch({ effects: setMarks.of({ active, error }) }),
    dark: (dark) => view.dispatch({ effects: theme.reconfigure(EditorView.darkTheme.of(dark)) }),
    async hints() {
      const { hints } = await import("./hints.ts");
      view.dispatch({ effects: more.reconfigure(await hints()) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
