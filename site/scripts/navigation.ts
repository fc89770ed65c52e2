/** The menus, from the metadata. */

import type { DefaultTheme } from "vitepress";
import { chapters } from "../content/chapters.ts";
import { levels } from "../content/levels.ts";
import { patterns } from "../content/patterns.ts";
import { apiPages } from "./api.ts";
import { benchmarks, guides } from "./documents.ts";

export const navigation: DefaultTheme.NavItem[] = [
  { text: "Tour", link: "/tour/index.html", activeMatch: "/tour/" },
  { text: "Patterns", link: "/patterns/index.html", activeMatch: "/patterns/" },
  { text: "Playground", link: "/playground.html" },
  { text: "Levels", link: "/levels/index.html", activeMatch: "/levels/" },
  { text: "Guides", link: "/guides/index.html", activeMatch: "/guides/" },
  { text: "API", link: "/api/index.html", activeMatch: "/api/" },
  { text: "Benchmarks", link: "/benchmarks/index.html", activeMatch: "/benchmarks/" },
];

const groups = [...Map.groupBy(patterns, ({ group }) => group)];

const forReaders: DefaultTheme.SidebarItem[] = [
  {
    text: "Guides",
    items: guides.map(({ page, title }) => ({ text: title.replaceAll("`", ""), link: `/guides/${page}.html` })),
  },
  {
    text: "In class",
    items: [
      { text: "For lecturers", link: "/teaching.html" },
      { text: "Compared", link: "/comparison.html" },
    ],
  },
];

export const sidebar: DefaultTheme.SidebarMulti = {
  "/teaching": forReaders,
  "/comparison": forReaders,
  "/patterns/": groups.map(([text, inside]) => ({
    text,
    items: inside.map(({ name, title }) => ({ text: title, link: `/patterns/${name}.html` })),
  })),
  "/tour/": [
    {
      text: "Tour",
      items: chapters.map(({ name, title }, i) => ({ text: `${i + 1}. ${title}`, link: `/tour/${name}.html` })),
    },
  ],
  "/levels/": [
    {
      text: "Levels",
      items: levels.map(({ name, title }, i) => ({ text: `${i + 1}. ${title}`, link: `/levels/${name}.html` })),
    },
  ],
  "/guides/": forReaders,
  "/api/": [{ text: "API", items: apiPages().map(({ name, page }) => ({ text: name, link: `/api/${page}.html` })) }],
  "/benchmarks/": [
    {
      text: "Benchmarks",
      items: benchmarks.map(({ page, title }) => ({ text: title, link: `/benchmarks/${page}.html` })),
    },
  ],
};
