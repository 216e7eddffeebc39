import { expect, it } from 'vitest'
import { isSecretName, withoutSecretValue } from '../../reconciler/lib/secret-names.ts'

it.each([
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=***'],
  ['+      POSTGRES_PASSWORD: hunter2', '+      POSTGRES_PASSWORD: ***'],
  ['-  "apiKey": "abc"', '-  "apiKey": ***'],
  [' api_token = "abc" # of the bot', ' api_token = ***'],
  ["+      - 'SMTP_PASSWD=hunter2'", "+      - 'SMTP_PASSWD=***"],
  ['DB_PASSWORD_FILE=/run/secrets/db', 'DB_PASSWORD_FILE=/run/secrets/db'],
  ['PASSWORD=', 'PASSWORD='],
  ['PORT=8080', 'PORT=8080'],
  ['a text about passwords', 'a text about passwords'],
])('%s is shown as %s', (line, shown) => {
  expect(withoutSecretValue(line)).toBe(shown)
})

it.each([
  ['DB_PASSWORD', true],
  ['SMTP_PASSWD', true],
  ['api-token', true],
  ['SECRET_KEY_BASE', true],
  ['MODE', false],
  ['KEYBOARD', false],
])('%s names a secret: %s', (name, isSecret) => {
  expect(isSecretName(name)).toBe(isSecret)
})
