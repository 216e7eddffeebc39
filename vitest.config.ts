import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where `npm test` collects what every run of vitest counted. */
const counts = process.env['STACK_TEST_COUNTS']

/** Tests that need a Docker engine. */
const onTheEngine = ['test/scenarios/**/*.test.ts', 'test/engine/**/*.test.ts', 'test/**/*.engine.test.ts']

/** Tests that start many processes of their own: git, bash, Python, lock holders. */
const onTheSystem = [
  ...['git', 'hooks', 'process', 'secrets'].map((name) => `test/adapters/${name}/**/*.test.ts`),
  'test/**/*.system.test.ts',
]

/** Many deaths at once, which leave a machine no time for others. */
const alone = ['test/scenarios/killed.test.ts']

const engine = {
  globalSetup: 'test/engine/global-setup.ts',
  pool: 'forks',
  // How long something may hang before it is called that: no test of ours says how fast a machine is.
  testTimeout: 300_000,
  hookTimeout: 300_000,
} as const

/** Those that take minutes begin first, so that none of them is what everybody waits for in the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/(?:soak|healing|leftovers)\.test\.ts$/.test(moduleId)
    const others = await super.sort(files.filter((file) => !isLong(file)))
    return [...files.filter(isLong), ...others]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: counts === undefined ? ['default'] : ['default', 'json'],
    ...(counts === undefined ? {} : { outputFile: { json: join(counts, `${process.pid}.json`) } }),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...onTheEngine, ...onTheSystem],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'system',
          include: onTheSystem,
          exclude: onTheEngine,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...engine,
          name: 'engine',
          include: onTheEngine,
          exclude: alone,
          maxWorkers: 3,
        },
      },
      {
        test: { ...engine, name: 'killed', include: alone },
      },
    ],
  },
})
