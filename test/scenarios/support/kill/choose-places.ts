/** The places of each run, by its name, in the order in which it comes by. */
export type AllPlaces = Readonly<Record<string, readonly string[]>>

/**
 * Those that are unlike all others, and of the rest every fourth; with `STACK_KILLS=all` every one. What comes after one call is the
 * same moment as what comes before the next.
 */
export function choosePlaces(all: AllPlaces, isWhole: boolean): AllPlaces {
  if (isWhole) return all
  const known = new Set<string>()
  const chosen = Object.entries(all).map(([name, places]) => {
    const distinct = onePerKind(places.filter((place) => !place.startsWith('after ')))
    const own = distinct.filter((place, at) => !known.has(kindOf(place)) || at % 4 === 0)
    for (const place of distinct) known.add(kindOf(place))
    return [name, own] as const
  })
  return Object.fromEntries(chosen)
}

/** What is done to one stacklet is done to another, and what befalls one step of a kind befalls the next. */
function kindOf(place: string): string {
  const anybody = place.replace(/ #\d+$/, '').replaceAll(/\b(?:app|base)\b/g, '*')
  return anybody.replace(/(records\.append step-\w+ \S+).*/, '$1').replace(/copyFile .*/, 'copyFile')
}

function onePerKind(places: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return places.filter((place) => seen.size < seen.add(kindOf(place)).size)
}
