export type InTurn = <Answer>(act: () => Promise<Answer>) => Promise<Answer>

/** Runs what it is given one after the other, whatever becomes of each. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const answer = last.then(act)
    last = answer.catch(() => {})
    return answer
  }
}
