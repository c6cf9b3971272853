import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** What ends up in the page, each under a licence that asks for its text to go with it. */
const PACKED = [
  "chart.js",
  "@kurkle/color",
  "chartjs-plugin-annotation",
  "@fontsource-variable/atkinson-hyperlegible-next",
];

/** Puts the licences of what is packed beside the page. */
function licenses(): Plugin {
  return {
    name: "licenses",
    generateBundle() {
      const texts = PACKED.map((name) => {
        const folder = `node_modules/${name}`;
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        if (file === undefined) {
          throw new Error(`${name} comes without its licence`);
        }
        return `${name}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: texts.join("\n\n") });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [licenses()],
  server: { proxy: { "/api": "http://127.0.0.1:8383" } },
  build: {
    outDir: "target/page/dev/vramcast/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // A font or image inside a style sheet would need data: in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
});
