/** The network that all stacklets share and name as external in their Compose files. */
export const sharedNetwork = 'stack'
