import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vite warns about every source map that a package names and does not ship.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests start real servers: more workers than cores only makes them wait for each other.
    maxWorkers: 2,
    // It imports JSON without an import attribute, which Node refuses and Vite understands.
    server: { deps: { inline: [/@actions\/workflow-parser/] } },
  },
})
