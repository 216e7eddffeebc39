/** Cost by number of stacklets. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [count: number, ms: number])[]
}

const [width, height, left, right, top, bottom] = [760, 460, 70, 20, 20, 50]
const colours = ['#c0392b', '#2471a3', '#1e8449', '#7d3c98']

/** Both axes are logarithmic: a straight line that rises as the axes do is a cost that grows as the number does. */
export function plot(series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points)
  const x = scaleOf(
    all.map(([count]) => count),
    left,
    width - right,
  )
  const y = scaleOf(
    all.map(([, ms]) => ms),
    height - bottom,
    top,
  )
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...x.ticks.map(
      (tick) =>
        line(x.at(tick), top, x.at(tick), height - bottom) +
        label(x.at(tick), height - bottom + 18, `${tick}`, 'middle'),
    ),
    ...y.ticks.map(
      (tick) => line(left, y.at(tick), width - right, y.at(tick)) + label(left - 6, y.at(tick) + 4, words(tick), 'end'),
    ),
    label((left + width - right) / 2, height - 10, 'stacklets, all of them as they should be', 'middle'),
    ...series.map((one, index) => curve(one, x.at, y.at, index)),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
  return {
    ticks,
    at: (value) => Math.round(from + ((Math.log10(value) - low) / Math.max(1, high - low)) * (to - from)),
  }
}

function curve({ name, points }: Series, x: Scale['at'], y: Scale['at'], index: number): string {
  const colour = colours[index % colours.length]
  const places = points.map(([count, ms]) => [x(count), y(ms)] as const)
  const path = places.map((place) => place.join(',')).join(' ')
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`)
  const key = `<rect x="${left + 14}" y="${top + 8 + index * 18}" width="12" height="4" fill="${colour}"/>`
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...dots,
    key,
    label(left + 32, top + 14 + index * 18, name, 'start'),
  ].join('')
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`
}

function words(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`
}
