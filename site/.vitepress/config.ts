import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { navigation, sidebar } from "../scripts/navigation.ts";

/** What the build writes instead of the base, which is not known then: scripts/relative.ts puts each page's own there. */
const base = process.env["SITE_DEV"] === "1" ? "/" : "/__GOCSP_BASE__/";

/** The box of the search says what it is: a dialog with a list of links. Neither is a button, or holds one in another. */
const searchBox: readonly (readonly [from: string, to: string])[] = [
  [
    `role="button"
      :aria-owns="results?.length ? 'localsearch-list' : undefined"
      aria-expanded="true"
      aria-haspopup="listbox"
      aria-labelledby="localsearch-label"`,
    `role="dialog"
      aria-modal="true"
      aria-label="Search"`,
  ],
  [`:role="results?.length ? 'listbox' : undefined"`, ""],
  [
    `:id="'localsearch-item-' + index"
            :aria-selected="selectedIndex === index ? 'true' : 'false'"
            role="option"`,
    "",
  ],
  [`:aria-label="[...p.titles, p.title].join(' > ')"`, `:id="'localsearch-item-' + index"`],
  [`<kbd :aria-label`, `<kbd role="img" :aria-label`],
  [`<span class="title-icon">`, `<span class="title-icon" aria-hidden="true">`],
];

export default defineConfig({
  title: "gocsp",
  description: "Go's concurrency for TypeScript: goroutines, channels, select and contexts, with pictures that run.",
  lang: "en",
  base,
  srcDir: ".generated/pages",
  outDir: ".vitepress/dist",
  // Any static host can serve files by their names.
  cleanUrls: false,
  lastUpdated: false,
  metaChunk: false,
  ignoreDeadLinks: process.env["SITE_SMALL"] === "1",
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }],
    ["meta", { name: "color-scheme", content: "light dark" }],
  ],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    languageAlias: { mod: "text" },
    // A header without text says nothing to a screen reader: it is a cell.
    config: (markdown) => {
      markdown.core.ruler.push("empty-headers", ({ tokens }) => {
        for (const [i, open] of tokens.entries()) {
          const close = tokens[i + 2];
          if (open.type === "th_open" && tokens[i + 1]?.content.trim() === "" && close?.type === "th_close") {
            open.tag = close.tag = "td";
          }
        }
      });
    },
  },
  themeConfig: {
    nav: navigation,
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        detailedView: false,
        miniSearch: {
          searchOptions: {
            // Whoever learns searches first: lessons come before the reference and the figures.
            boostDocument: (id: string) =>
              /\/(?:tour|patterns|levels)\//.test(id)
                ? 4
                : /\/guides\//.test(id)
                  ? 2
                  : /\/(?:api|benchmarks)\//.test(id)
                    ? 0.6
                    : 1,
          },
        },
      },
    },
    footer: { message: "MIT licence. This site asks no other host for anything." },
    externalLinkIcon: false,
  },
  vite: {
    plugins: [
      {
        name: "search-box",
        enforce: "pre",
        transform(code, id) {
          if (!id.endsWith("VPLocalSearchBox.vue")) return undefined;
          return searchBox.reduce((text, [from, to]) => {
            if (!text.includes(from)) throw new Error(`the box of the search has no ${from}`);
            return text.replaceAll(from, to);
          }, code);
        },
      },
    ],
    publicDir: fileURLToPath(new URL("../.generated/public", import.meta.url)),
    build: { target: "es2022", chunkSizeWarningLimit: 1500 },
  },
});
