import { execFileSync } from 'node:child_process'

/** A sleep like no other on this machine. */
export function nap(number: number): string {
  return `sleep ${4_000_000 + process.pid}.${number}`
}

/** Whether a process lives whose words hold this text. */
export function isThere(words: string): boolean {
  const lines = execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' }).split('\n')
  return lines.some((line) => line.includes(words) && !line.startsWith('Z'))
}
