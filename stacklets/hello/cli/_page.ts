// A helper: names that begin with _ are no commands.

/** What stands in the page's heading. */
export function headingOf(page: string): string {
  return /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? 'nothing'
}
