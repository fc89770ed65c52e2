import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { navigation, sidebar } from "../scripts/navigation.ts";

/** What the build writes instead of the base, which is not known then: scripts/relative.ts puts each page's own there. */
const base = process.env["SITE_DEV"] === "1" ? "/" : "/__GOCSP_BASE__/";

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
    search: { provider: "local", options: { detailedView: false } },
    footer: { message: "MIT licence. This site asks no other host for anything." },
    externalLinkIcon: false,
  },
  vite: {
    publicDir: fileURLToPath(new URL("../.generated/public", import.meta.url)),
    build: { target: "es2022", chunkSizeWarningLimit: 1500 },
  },
});
