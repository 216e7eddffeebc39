import { expect, it } from 'vitest'
import { withoutSecrets } from '../../reconciler/loop/without-secrets.ts'
import type { ComposeProject } from '../../reconciler/model/compose-project.ts'
import { Secret } from '../../reconciler/model/secret.ts'

it('what a build is told is remembered without secrets, whoever made them', () => {
  const args = { VERSION: '20', URL: 'https://x:hush@y', API_TOKEN: 'typed', EMPTY: '', UNSET: null }
  const words = { target: null, args, contexts: [] }
  const project = { services: [{ name: 'web', words }, { name: 'db' }] } as unknown as ComposeProject
  const values = [
    { name: 'DB', text: new Secret('hush'), isSecret: true },
    { name: 'NOTHING', text: new Secret(''), isSecret: true },
    { name: 'V', text: new Secret('20'), isSecret: false },
  ]

  const [web, db] = withoutSecrets(project, { values, missing: [] }).services

  expect(web?.words?.args).toEqual({ VERSION: '20', URL: null, API_TOKEN: null, EMPTY: '', UNSET: null })
  expect(db).toEqual({ name: 'db' })
})
