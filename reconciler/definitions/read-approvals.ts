import type { Digest } from '../model/names.ts'

/** The digests in `Stack-Approve:` lines among the trailers of a commit: its last paragraph. */
export function readApprovals(commitMessage: string): readonly Digest[] {
  const paragraphs = commitMessage
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n[ \t]*\n/)
  const trailers = paragraphs.at(-1)?.split('\n') ?? []
  const approved = trailers.flatMap(
    (line) => /^Stack-Approve:\s*(?<digests>.*)$/i.exec(line)?.groups?.['digests'] ?? [],
  )
  return approved.flatMap((text) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(isDigest),
  )
}

function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{6,64}$/.test(text)
}
