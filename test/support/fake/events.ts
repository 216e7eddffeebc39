import type { EngineNews } from '../../../reconciler/model/engine-news.ts'
import type { EngineEvents } from '../../../reconciler/ports/engine-events.ts'

export interface FakeEvents extends EngineEvents {
  tell(news: EngineNews): void
  /** Whether it takes new connections. */
  isOpen: boolean
}

/** An engine that tells what a test says. */
export function fakeEvents(): FakeEvents {
  const ears = new Set<(news: EngineNews) => void>()
  const fake: FakeEvents = {
    isOpen: true,
    tell(news) {
      for (const hear of ears) hear(news)
    },
    answers: async () => fake.isOpen,
    listen: (_, onNews, signal) =>
      new Promise((resolve) => {
        ears.add(onNews)
        const stop = (): void => {
          ears.delete(onNews)
          resolve()
        }
        if (signal.aborted) stop()
        signal.addEventListener('abort', stop, { once: true })
      }),
  }
  return fake
}
