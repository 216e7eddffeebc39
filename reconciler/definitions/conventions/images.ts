import { type Convention, departure } from './convention.ts'

/** A tag that moves makes the same commit another program tomorrow. */
export const checkImageTag: Convention = ({ key, table }, { stacklet, source, filledIn }) => {
  const { image, build } = table
  if (typeof image !== 'string' || build !== undefined) return []
  const floats = floatingTag(filledIn(image))
  if (floats === null) return []
  const hint = `name a version: image: ${image.replace(/:latest$/, '')}:1.2.3, or a digest`
  const at = source.at(['services', key, 'image'])
  return [departure('floating-tag', { message: `${key} uses ${floats}`, hint }, at, stacklet.id)]
}

/** Null for a reference that names a version or a digest. */
function floatingTag(reference: string): string | null {
  if (reference.includes('@')) return null
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  if (!name.includes(':')) return 'an image without a tag'
  return name.endsWith(':latest') ? 'the tag latest' : null
}
