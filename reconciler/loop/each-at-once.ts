/** Runs `work` over all items, at most `limit` at a time, answers in the items' order. The first failure stops new ones and is thrown. */
export async function eachAtOnce<Item, Answer>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers = new Array<Answer>(items.length)
  const queue = items.entries()
  const lanes = Array.from({ length: Math.min(Math.max(limit, 1), items.length) }, async () => {
    for (const [index, item] of queue) answers[index] = await work(item)
  })
  await Promise.all(lanes)
  return answers
}
