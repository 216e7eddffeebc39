import { describe, expect, it } from 'vitest'
import { isSecretLike } from '../../../reconciler/definitions/adopt/secret-like.ts'

describe('a value is kept out of git', () => {
  it.each([
    ['POSTGRES_PASSWORD', 'family'],
    ['DB_PASS', 'x1'],
    ['API_TOKEN', 'abc'],
    ['SECRET_KEY', 'k'],
    ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app'],
    ['SESSION', 'tX9vQ2mLr8KpZ4wNc7Yb'],
    ['SALT', '9f86d081884c7d659a2feaa0c55ad015'],
  ])('%s=%s', (name, value) => {
    expect(isSecretLike(name, value)).toBe(true)
  })
})

describe('a value may be known to all', () => {
  it.each([
    ['LEVEL', 'info'],
    ['TZ', 'Europe/Berlin'],
    ['IMAGE', 'ghcr.io/immich-app/immich-server:v1.106.4'],
    ['TOKEN_FILE', '/run/secrets/token'],
    ['DB_PASSWORD', ''],
    ['KEY_TTL', '3600'],
    ['USE_TOKEN', 'true'],
    ['URL', 'https://wiki.home.internal:8443/path'],
    ['PATH_IN_IMAGE', '/usr/share/nginx/html/assets2024'],
    ['NAME', 'a-rather-long-name-of-a-host-2'],
  ])('%s=%s', (name, value) => {
    expect(isSecretLike(name, value)).toBe(false)
  })
})
