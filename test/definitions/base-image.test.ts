import { expect, it } from 'vitest'
import { baseImage } from '../../reconciler/definitions/base-image.ts'

it.each([
  ['FROM busybox:1.36\nRUN true\n', 'busybox:1.36'],
  ['# syntax=docker/dockerfile:1\nfrom --platform=linux/amd64 ghcr.io/x/y:2 as app\n', 'ghcr.io/x/y:2'],
  ['FROM node:20 AS build\nRUN x\nFROM nginx:1\nCOPY --from=build /a /b\n', 'nginx:1'],
  ['FROM alpine:3 AS base\nFROM base AS mid\nFROM mid\n', 'alpine:3'],
  ['FROM alpine \\\n  AS base\nFROM BASE\n', 'alpine'],
  ['FROM scratch\nCOPY a /\n', null],
  ['ARG V=1\nFROM alpine:$V\n', null],
  ['RUN echo FROM nowhere\n', null],
  ['', null],
  ['FROM a AS a\n', 'a'],
])('%j is built upon %s', (dockerfile, base) => {
  expect(baseImage(dockerfile)).toBe(base)
})
