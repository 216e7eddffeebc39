import { formatPosition, type Problem } from '../../reconciler/model/problem.ts'

/** Complaints in short: `error value stack.toml:3:10`. */
export function said(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ level, code, at }) => `${level} ${code}${at === null ? '' : ` ${formatPosition(at)}`}`)
}

/** The one complaint there is; a test that expects one fails loudly on none and on two. */
export function theOnly(problems: readonly Problem[]): Problem {
  const [problem, ...others] = problems
  if (problem === undefined || others.length > 0)
    throw new Error(`expected one problem, got: ${said(problems).join('; ')}`)
  return problem
}
