const privateEndings: readonly string[] = ['internal', 'local', 'home.arpa', 'lan', 'localhost', 'test', 'home']

/** No public authority signs a name that only this network knows. */
export function usualTls(host: string): 'auto' | 'internal' {
  const isPrivate = !host.includes('.') || privateEndings.some((ending) => host.endsWith(`.${ending}`))
  return isPrivate ? 'internal' : 'auto'
}
