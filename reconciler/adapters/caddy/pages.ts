/** Pages that we answer ourselves: short, and readable without anything else. */
function page(title: string, words: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem }</style>
<h1>${title}</h1>
<p>${words}</p>
</html>
`
}

interface Answer {
  readonly handler: 'static_response'
  readonly status_code: number
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

/** A header of every page of ours: whoever probes a site knows them from the site's own. */
export const pageHeader = 'X-Stack-Page'

function answer(status: number, mark: string, body: string, more: Answer['headers'] = {}): Answer {
  const headers = { 'Content-Type': ['text/html; charset=utf-8'], 'Cache-Control': ['no-store'], [pageHeader]: [mark] }
  return { handler: 'static_response', status_code: status, headers: { ...headers, ...more }, body }
}

export const notHere = answer(404, 'unknown', page('Nothing here', 'No site of this host has this name.'))

export const isDown = answer(
  503,
  'down',
  page('Not running', 'This site is not running at the moment. Try again later.'),
  {
    'Retry-After': ['30'],
  },
)
