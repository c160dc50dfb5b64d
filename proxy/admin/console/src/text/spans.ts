// Findings as sorted lists of ranges: searching them, and keeping them in place
// while the text is edited. Everything here is about numbers; nothing detects.
import type { MaskedSpan } from '../api'

export interface Range {
  start: number
  end: number
}

/** Edit is that text[start:end] became `length` characters. */
export interface Edit {
  start: number
  end: number
  length: number
}

/** editBetween returns the smallest edit that makes `was` into `is`. */
export function editBetween(was: string, is: string): Edit {
  const most = Math.min(was.length, is.length)
  let start = 0
  while (start < most && was.charCodeAt(start) === is.charCodeAt(start)) start++
  let tail = 0
  while (tail < most - start && was.charCodeAt(was.length - 1 - tail) === is.charCodeAt(is.length - 1 - tail)) tail++
  return { start, end: was.length - tail, length: is.length - tail - start }
}

/** moved shifts ranges behind an edit and drops those that it touched. */
export function moved<T extends Range>(ranges: T[], e: Edit): T[] {
  const by = e.length - (e.end - e.start)
  const out: T[] = []
  for (const r of ranges) {
    if (r.end <= e.start) out.push(r)
    else if (r.start >= e.end) out.push({ ...r, start: r.start + by, end: r.end + by })
  }
  return out
}

/** firstEndingAfter returns the index of the first range whose end is behind `at`. */
export function firstEndingAfter(at: number, length: number, endOf: (i: number) => number): number {
  let low = 0
  let high = length
  while (low < high) {
    const mid = (low + high) >> 1
    if (endOf(mid) <= at) low = mid + 1
    else high = mid
  }
  return low
}

export type Side = 'original' | 'masked'

export const startOn = (s: MaskedSpan, side: Side): number => (side === 'original' ? s.start : s.masked_start)
export const endOn = (s: MaskedSpan, side: Side): number => (side === 'original' ? s.end : s.masked_end)

/** across returns where a place of one side is on the other. */
export function across(spans: MaskedSpan[], at: number, from: Side): number {
  const to: Side = from === 'original' ? 'masked' : 'original'
  const i = firstEndingAfter(at, spans.length, (k) => endOn(spans[k]!, from))
  const here = spans[i]
  if (here && startOn(here, from) <= at) return startOn(here, to)
  const before = spans[i - 1]
  return before ? endOn(before, to) + at - endOn(before, from) : at
}
