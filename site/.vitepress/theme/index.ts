import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { defineAsyncComponent } from "vue";
import Cards from "./components/Cards.vue";
import Exercise from "./components/Exercise.vue";
import Live from "./components/Live.vue";
import Program from "./components/Program.vue";
import Programs from "./components/Programs.vue";
import Repair from "./components/Repair.vue";
import Schedule from "./components/Schedule.vue";
import Twin from "./components/Twin.vue";
// oxlint-disable-next-line import/no-unassigned-import -- a stylesheet
import "./site.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, component] of Object.entries({
      Cards,
      Exercise,
      Live,
      Program,
      Programs,
      Repair,
      Schedule,
      Twin,
    })) {
      app.component(name, component);
    }
    app.component(
      "Playground",
      defineAsyncComponent(() => import("./components/Playground.vue")),
    );
  },
} satisfies Theme;
