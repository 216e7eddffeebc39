import { pairsIn } from './compose-source.ts'
import { type Convention, departure } from './convention.ts'

const label = 'com.centurylinklabs.watchtower.enable'

/** Tells an updater beside us to keep its hands off, or not: one variable decides for all. */
export const checkUpdateLabel: Convention = ({ key, table }, { stacklet, source }) => {
  if (pairsIn(table['labels']).some(({ name }) => name === label)) return []
  const message = `${key} does not say whether other updaters may replace it`
  const hint = `add to labels: "${label}=\${WATCHTOWER_ENABLE:-true}"`
  const at = source.at(['services', key, 'labels'])
  return [departure('update-label', { message, hint }, at, stacklet.id)]
}
