import type { Reconciler, Watcher } from '../reconciler/index.ts'
import { watchDocker } from '../watchers/docker.ts'
import { watchFiles } from '../watchers/files.ts'
import { watchGit } from '../watchers/git.ts'
import { watchInterval } from '../watchers/interval.ts'
import { watchSchedule } from '../watchers/schedule.ts'

/** Everything that gives the daemon a reason to look. */
export function watchers({ instance, root }: Pick<Reconciler, 'instance' | 'root'>): readonly Watcher[] {
  return [git, engine(), files({ instance, root }), nightly, interval]
}

const git: Watcher = {
  name: 'git',
  key: ({ settings }) => JSON.stringify(settings().git),
  watch: ({ world, settings, revision, request, log }, signal) =>
    watchGit(
      {
        upstream: world.upstream,
        clock: world.clock,
        settings: () => settings().git,
        // A run that followed it has moved the local branch itself.
        request: (push) => {
          if (push.revision !== revision()) request({ reason: 'push', about: push.revision.slice(0, 7) })
        },
        onState: (state) => log.info('git', { ...state }),
      },
      signal,
    ),
}

function engine(): Watcher {
  let sinceNs: string | null = null
  return {
    name: 'engine',
    key: ({ instance }) => instance() ?? '',
    watch: ({ world, instance, request, ...tools }, signal) =>
      watchDocker(
        {
          ...tools,
          sinceNs,
          events: world.events,
          clock: world.clock,
          instance: instance(),
          request: ({ stacklet }) => request({ reason: 'engine', about: stacklet }),
          noteNews: ({ atNs }) => {
            sinceNs = atNs
          },
        },
        signal,
      ),
  }
}

function files(places: Pick<Reconciler, 'instance' | 'root'>): Watcher {
  return {
    name: 'files',
    key: () => '',
    watch: ({ world, request }, signal) =>
      watchFiles({ ...places, clock: world.clock, request: () => request({ reason: 'files', about: null }) }, signal),
  }
}

const nightly: Watcher = {
  name: 'schedule',
  key: ({ settings, pace }) => [pace().schedule, settings().updates.schedule, settings().core.timezone].join(' '),
  watch: ({ world, settings, pace, request }, signal) =>
    watchSchedule(
      {
        clock: world.clock,
        schedules: [
          { name: 'nightly', line: pace().schedule, timezone: settings().core.timezone },
          { name: 'updates', line: settings().updates.schedule, timezone: settings().core.timezone },
        ],
        lastSlot: world.slots.last,
        noteSlot: world.slots.note,
        request: ({ name }) => request({ reason: 'schedule', about: name }),
      },
      signal,
    ),
}

const interval: Watcher = {
  name: 'interval',
  key: ({ pace }) => String(pace().intervalMs),
  watch: ({ world, pace, request }, signal) =>
    watchInterval(
      {
        clock: world.clock,
        intervalMs: pace().intervalMs,
        request: () => request({ reason: 'interval', about: null }),
      },
      signal,
    ),
}
