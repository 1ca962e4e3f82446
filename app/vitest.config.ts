import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      "@joulebook/client": new URL("../clients/ts/src/index.ts", import.meta.url).pathname,
    },
    dedupe: ["@solana/kit"],
  },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "happy-dom",
    setupFiles: ["test/setup.ts"],
    maxWorkers: 2,
    // On a machine that is busy.
    testTimeout: 20_000,
  },
});
