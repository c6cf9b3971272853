import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  server: { proxy: { "/api": "http://127.0.0.1:8383" } },
  build: {
    outDir: "target/page/dev/tunefit/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // A font or image inside a style sheet would need data: in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
});
