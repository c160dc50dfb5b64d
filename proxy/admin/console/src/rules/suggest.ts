// Patterns that a value suggests. Suggestions only: what they hit, the server says.

const special = /[.*+?^${}()|[\]\\/]/g
const literal = (s: string): string => s.replace(special, '\\$&')
const times = (n: number): string => (n === 1 ? '' : `{${n}}`)
const wordish = /[\p{L}\p{N}_]/u

interface Run {
  text: string
  of: 'digits' | 'upper' | 'lower' | 'other'
}

function runs(value: string): Run[] {
  return [...value.matchAll(/(\d+)|([A-Z]+)|([a-z]+)|([^\dA-Za-z]+)/g)].map((m) => ({
    text: m[0],
    of: m[1] ? 'digits' : m[2] ? 'upper' : m[3] ? 'lower' : 'other',
  }))
}

const classes = { digits: '\\d', upper: '[A-Z]', lower: '[a-z]', other: '' }

function pattern(value: string, general: (r: Run) => boolean): string {
  const body = runs(value)
    .map((r) => (r.of !== 'other' && general(r) ? classes[r.of] + times(r.text.length) : literal(r.text)))
    .join('')
  const edge = (c: string | undefined) => (c && wordish.test(c) ? '\\b' : '')
  return edge(value[0]) + body + edge(value.at(-1))
}

/** suggest returns patterns of RE2 for values like this one, the narrowest first; none if only the value itself would do. */
export function suggest(value: string): string[] {
  if (value.length > 80 || /\s{2}|\n/.test(value) || !/\d/.test(value)) return []
  const narrow = pattern(value, (r) => r.of === 'digits')
  const wide = pattern(value, () => true)
  return narrow === wide ? [narrow] : [narrow, wide]
}

/** nameFor is a name for a rule that none of `taken` has. */
export function nameFor(kind: string, taken: string[]): string {
  const base = kind.toLowerCase().replaceAll('_', '-') || 'rule'
  if (!taken.includes(base)) return base
  for (let n = 2; ; n++) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`
}
