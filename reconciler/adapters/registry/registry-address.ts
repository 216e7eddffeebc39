/** Where the registry of this name listens. On this machine itself it speaks plain HTTP, as Docker takes for granted too. */
export function registryAddress(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io'
  return `${isOfThisMachine(registry) ? 'http' : 'https'}://${registry}`
}

function isOfThisMachine(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '')
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
