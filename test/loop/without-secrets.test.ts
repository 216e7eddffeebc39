import { expect, it } from 'vitest'
import { withoutSecrets } from '../../reconciler/loop/without-secrets.ts'
import type { ComposeProject, ComposeService } from '../../reconciler/model/compose-project.ts'
import { Secret } from '../../reconciler/model/secret.ts'

function service(more: Pick<ComposeService, 'name' | 'words'>): ComposeService {
  const nothing = { ports: [], sources: [], context: null, containerName: null, hasHealthcheck: false }
  return { ...nothing, image: 'made:1', isBuilt: true, replicas: 1, ...more }
}

it('what a build is told is remembered without secrets, whoever made them', () => {
  const args = { VERSION: '20', URL: 'https://x:hush@y', API_TOKEN: 'typed', EMPTY: '', UNSET: null }
  const words = { target: null, args, contexts: [] }
  const services = [service({ name: 'web', words }), service({ name: 'db' })]
  const project: ComposeProject = { name: 'stack-app', services, networks: [], volumes: [] }
  const values = [
    { name: 'DB', text: new Secret('hush'), isSecret: true },
    { name: 'NOTHING', text: new Secret(''), isSecret: true },
    { name: 'V', text: new Secret('20'), isSecret: false },
  ]

  const [web, db] = withoutSecrets(project, { values, missing: [] }).services

  expect(web?.words?.args).toEqual({ VERSION: '20', URL: null, API_TOKEN: null, EMPTY: '', UNSET: null })
  expect(db).toEqual(services[1])
})
