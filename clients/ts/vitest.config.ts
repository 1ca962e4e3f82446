import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // Tests of the source; what is published has tests of its own.
    alias: { "@joulebook/client": new URL("./src/index.ts", import.meta.url).pathname },
  },
  test: {
    include: ["test/**/*.test.ts"],
    // A local node that starts on a busy machine takes its time; what hangs should still end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores, and tests that run a chain.
    maxWorkers: 2,
    // No test changes what others import, and to import it anew for each file takes longer than the tests.
    isolate: false,
  },
});
