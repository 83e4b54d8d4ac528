import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where Prisma is started over and over: minutes, whatever the file's size says. */
const long = /\/test\/(?:chain|prisma-engine|migrations\/prisma-agrees|lab\/server|examples)\b/

/** What takes minutes begins first: at the end nobody waits for one long file. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  // Vite warns about every source map that a package names and does not ship.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // No test changes what another one sees, so each file need not load everything anew.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // A test waits for what it started, a locked statement or a timeout for about a third of its time.
    maxWorkers: availableParallelism() + 1,
    // It imports JSON without an import attribute, which Node refuses and Vite understands.
    server: { deps: { inline: [/@actions\/workflow-parser/] } },
  },
})
