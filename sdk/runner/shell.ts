import { spawn } from 'node:child_process'

export type ShellEnvironment = Readonly<Record<string, string | undefined>>

/** What a command printed, without the last line's end. Rejects with its exit code and what it said on stderr. */
export async function shell(command: string, env: ShellEnvironment): Promise<string> {
  const { code, stdout, stderr } = await ran(command, env, 'pipe')
  if (code !== 0) throw failed(command, code, stderr || stdout)
  return stdout.replace(/\n+$/, '')
}

/** Its output is seen as it comes. */
export async function shellLive(command: string, env: ShellEnvironment): Promise<void> {
  const { code } = await ran(command, env, 'inherit')
  if (code !== 0) throw failed(command, code, '')
}

interface Ran {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

function ran(command: string, env: ShellEnvironment, output: 'pipe' | 'inherit'): Promise<Ran> {
  const child = spawn('/bin/sh', ['-c', command], { env: { ...env }, stdio: ['inherit', output, output] })
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout?.on('data', (chunk: Buffer) => said.stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => said.stderr.push(chunk))
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({ code: code ?? signal ?? 1, stdout: text(said.stdout), stderr: text(said.stderr) }),
    )
  })
}

function failed(command: string, code: number | string, said: string): Error {
  return new Error(`Command failed (exit ${code}): ${command}\n${said}`.trimEnd())
}
