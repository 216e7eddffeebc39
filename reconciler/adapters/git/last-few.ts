/** A daemon reads one commit again and again; during a push it reads two. */
const few = 2

/** Answers that stay true, the last few of them, each found once. What fails is asked again. */
export function lastFew<Answer>(): (key: string, find: () => Promise<Answer>) => Promise<Answer> {
  const known = new Map<string, Answer>()
  return async (key, find) => {
    const answer = known.get(key) ?? (await find())
    known.delete(key)
    known.set(key, answer)
    const [oldest] = known.keys()
    if (known.size > few && oldest !== undefined) known.delete(oldest)
    return answer
  }
}
