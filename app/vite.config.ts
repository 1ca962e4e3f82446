import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Of the page itself, for servers that send no header; one that does names the endpoints more narrowly (see README.md). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https: wss: http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const policy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  plugins: [react(), policy],
  // The source, as everything else here: no build of the client is needed first.
  resolve: {
    alias: {
      "@joulebook/client": new URL("../clients/ts/src/index.ts", import.meta.url).pathname,
    },
    dedupe: ["@solana/kit"],
  },
  build: {
    target: "es2022",
    // What is inlined would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Says what loads what, for scripts/budget.mjs.
    manifest: true,
    // What jsPDF would load to draw web pages and SVG: nothing here asks for it.
    rollupOptions: { external: ["html2canvas", "canvg", "dompurify"] },
    // All styles come at once, and are few: a page whose styles did not come through would not ask for them again.
    cssCodeSplit: false,
  },
});
