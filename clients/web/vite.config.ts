import { defineConfig } from "vite";

// The page is served under `script-src 'self'; style-src 'self'; img-src 'self' data:`, so nothing may be inlined:
// no module preload polyfill (it would be a script of its own) and no asset as a data address inside CSS.
export default defineConfig({
  base: "/",
  build: {
    outDir: "dist",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
  },
});
