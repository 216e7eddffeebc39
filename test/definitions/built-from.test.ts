import { describe, expect, it } from 'vitest'
import { builtFrom } from '../../reconciler/definitions/built-from.ts'

it.each([
  ['FROM busybox:1.36\nRUN true\n', 'busybox:1.36'],
  ['# syntax=docker/dockerfile:1\nfrom --platform=linux/amd64 ghcr.io/x/y:2 as app\n', 'ghcr.io/x/y:2'],
  ['FROM node:20 AS build\nRUN x\nFROM nginx:1\nCOPY --from=build /a /b\n', 'nginx:1'],
  ['FROM alpine:3 AS base\nFROM base AS mid\nFROM mid\n', 'alpine:3'],
  ['FROM alpine \\\n  AS base\nFROM BASE\n', 'alpine'],
  ['FROM scratch\nCOPY a /\n', null],
  ['ARG V=1\nFROM alpine:$V\n', 'alpine:1'],
  [`ARG A=node B="20"\nARG V=\${B}-slim\nFROM \${A}:\${V}\n`, 'node:20-slim'],
  [`FROM alpine:\${V:-3}\n`, 'alpine:3'],
  ['ARG V\nFROM alpine:$V\n', null],
  ['FROM base-$TARGETARCH\n', null],
  ['FROM alpine:3\nARG V=1\nFROM alpine:$V\n', null],
  ['RUN echo FROM nowhere\n', null],
  ['FROM alpine:3\nRUN <<EOF\nFROM nowhere:1\nEOF\n', 'alpine:3'],
  ['FROM \\\n# which one\nalpine:3\n', 'alpine:3'],
  ['', null],
  ['FROM a AS a\n', 'a'],
])('%j is built upon %s', (dockerfile, upon) => {
  expect(builtFrom(dockerfile).upon).toBe(upon)
})

describe('beside that it needs', () => {
  it.each([
    ['FROM go:1 AS build\nFROM scratch\nCOPY --from=build /a /a\n', ['go:1']],
    ['FROM node:20 AS deps\nFROM deps AS build\nFROM nginx:1\nCOPY --chown=1 --from=build /a /b\n', ['node:20']],
    ['FROM nginx:1\nCOPY --from=ghcr.io/x/tool:2 /t /t\n', ['ghcr.io/x/tool:2']],
    ['FROM node:20\nFROM nginx:1\nCOPY --from=0 /a /b\n', ['node:20']],
    ['FROM nginx:1\nRUN --mount=type=bind,from=tool:2,target=/t --mount=type=cache,target=/c x\n', ['tool:2']],
    ['FROM nginx:1\nRUN echo --from=nobody:1\n', []],
    ['FROM test:1 AS check\nFROM nginx:1\n', []],
    ['FROM a:1 AS x\nFROM a:1\nCOPY --from=x / /\nCOPY --from=a:1 / /\n', []],
    ['FROM nginx:1 AS later\nCOPY --from=last / /\nFROM b:1 AS last\nCOPY --from=later / /\n', ['last', 'nginx:1']],
  ])('%j: %j', (dockerfile, others) => {
    expect(builtFrom(dockerfile).others).toEqual(others)
  })
})

describe('what Compose tells a build', () => {
  const stages = 'ARG V=1\nFROM go:$V AS build\nFROM nginx:1 AS web\nCOPY --from=build /a /a\nFROM base\n'

  it.each([
    ['the stage by its name', { target: 'Web' }, { upon: 'nginx:1', others: ['go:1'] }],
    ['the stage by its number', { target: '0' }, { upon: 'go:1', others: [] }],
    ['a value', { target: 'build', args: { V: '2' } }, { upon: 'go:2', others: [] }],
    ['a value that nobody may know', { target: 'build', args: { V: null } }, { upon: null, others: [] }],
    ['a context in the place of an image', { contexts: ['base'] }, { upon: null, others: [] }],
  ])('is heard: %s', (_, words, from) => {
    expect(builtFrom(stages, { target: null, args: {}, contexts: [], ...words })).toEqual(from)
  })
})
