import DefaultTheme from "vitepress/theme-without-fonts";
import { inBrowser, type Theme, withBase } from "vitepress";
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
    // From then on the site works without a network. Where that is not allowed, it works with one.
    if (inBrowser && import.meta.env.PROD && "serviceWorker" in navigator) {
      const register = () => void navigator.serviceWorker.register(withBase("/sw.js")).catch(() => undefined);
      // It loads the whole site: the page that was asked for comes first.
      const later = () => {
        if ("requestIdleCallback" in globalThis) requestIdleCallback(register, { timeout: 5000 });
        else setTimeout(register, 1000);
      };
      if (document.readyState === "complete") later();
      else addEventListener("load", later, { once: true });
    }
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
