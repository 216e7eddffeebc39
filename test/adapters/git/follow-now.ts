import { gitUpstream } from '../../../reconciler/adapters/git/upstream.ts'

/** A process that follows, to be killed: `follow-now.ts INSTANCE` prints what came of it. */
const instance = process.argv[2] ?? ''
const wanted = { remote: null, branch: null, verify: 'none' } as const
const answer = await gitUpstream({ instance }).follow(wanted, new AbortController().signal)
process.stdout.write(`${JSON.stringify(answer)}\n`)
