// The text that is compared, what maskit makes of it, and a person's corrections.
import { batch, computed, signal } from '@preact/signals'
import { api, isAbort, messageOf, type Masked, type MaskedSpan } from '../api'
import { draft, events, type Draft } from '../rules/draft'
import { editBetween, moved, type Range } from '../text/spans'

export interface ByHand extends Range {
  kind: string
}

export interface Corrections {
  mask: ByHand[]
  release: Range[]
}

const none: Corrections = { mask: [], release: [] }

export const text = signal('')
export const policy = signal('')
export const corrections = signal<Corrections>(none)

export const masked = signal('')
export const spans = signal<MaskedSpan[]>([])
/** The finding that is looked at, as an index into spans; -1 is none. */
export const current = signal(-1)
/** The finding under the pointer. */
export const hovered = signal(-1)
/** Kinds that are not drawn. */
export const hidden = signal<ReadonlySet<string>>(new Set())

export const busy = signal(false)
export const failed = signal('')
/** How long the last answer took, in milliseconds. */
export const took = signal(0)

export const counts = computed(() => {
  const n = new Map<string, number>()
  for (const s of spans.value) n.set(s.kind, (n.get(s.kind) ?? 0) + 1)
  return [...n].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
})

const pause = 140 // milliseconds without typing after which the text is looked at
let timer = 0
let running: AbortController | undefined

/** look asks what is to be masked, after `wait` milliseconds in which nobody asks again. */
export function look(wait = 0): void {
  clearTimeout(timer)
  timer = window.setTimeout(run, wait)
}

async function run(): Promise<void> {
  running?.abort()
  if (text.value === '') {
    batch(forget)
    return
  }
  running = new AbortController()
  const { signal: stop } = running
  const asked = text.value
  const began = performance.now()
  busy.value = true
  try {
    const body = { text: asked, policy: policy.value || undefined, offsets: 'utf16', ...corrections.value }
    const answer = await api<{ results: [Masked] }>('POST', 'mask', { body, signal: stop })
    if (stop.aborted || asked !== text.value) return
    batch(() => {
      show(answer.results[0])
      took.value = performance.now() - began
      failed.value = ''
    })
  } catch (e) {
    if (isAbort(e)) return
    batch(() => {
      forget() // What is not known to be masked is not shown as masked.
      failed.value = messageOf(e)
    })
  }
  if (!stop.aborted) busy.value = false
}

function show(r: Masked): void {
  const was = spans.value[current.value]
  current.value = was ? r.spans.findIndex((s) => s.start === was.start && s.end === was.end) : -1
  hovered.value = -1
  spans.value = r.spans
  masked.value = r.masked
}

function forget(): void {
  spans.value = []
  masked.value = ''
  current.value = -1
  failed.value = ''
  busy.value = false
}

events.saved = () => text.value && look()

/** edit takes what a person has typed. What was found stays drawn where it is until the answer comes. */
export function edit(now: string, wait = pause): void {
  if (now === text.value) return
  const was = text.value
  batch(() => follow(now))
  look(Math.abs(now.length - was.length) > 40 ? 0 : wait) // Who pastes has ended typing.
}

function follow(now: string): void {
  const e = editBetween(text.value, now)
  const shift = (c: Corrections): Corrections => ({ mask: moved(c.mask, e), release: moved(c.release, e) })
  corrections.value = shift(corrections.value)
  past.value = past.value.map((s) => ({ ...s, corrections: shift(s.corrections) }))
  future.value = future.value.map((s) => ({ ...s, corrections: shift(s.corrections) }))
  const looked = spans.value[current.value]
  spans.value = moved(spans.value, e)
  current.value = looked ? spans.value.findIndex((s) => s.token === looked.token && s.masked_start === looked.masked_start) : -1
  text.value = now
}

/** replace puts another text in the place of this one, and forgets the corrections of the old one. */
export function replace(now: string): void {
  batch(() => {
    corrections.value = none
    past.value = []
    future.value = []
    forget()
    text.value = now
  })
  look()
}

// Undo and redo, of corrections and of the draft of rules together.

interface Step {
  what: string
  corrections: Corrections
  draft: Draft | null
}

export const past = signal<Step[]>([])
export const future = signal<Step[]>([])

const now = (what: string): Step => ({ what, corrections: corrections.value, draft: draft.value })

/** change makes a step that can be undone. */
export function change(what: string, f: () => void): void {
  past.value = [...past.value.slice(-99), now(what)]
  future.value = []
  f()
  look()
}

export function undo(): string {
  return turn(past, future)
}

export function redo(): string {
  return turn(future, past)
}

function turn(from: typeof past, to: typeof past): string {
  const step = from.value.at(-1)
  if (!step) return ''
  from.value = from.value.slice(0, -1)
  to.value = [...to.value, now(step.what)]
  corrections.value = step.corrections
  draft.value = step.draft
  look()
  return step.what
}

const overlap = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end

/** maskHere masks a part of the text, this time only. */
export function maskHere(part: Range, kind: string): void {
  change(`mask as ${kind}`, () => {
    const c = corrections.value
    corrections.value = {
      mask: [...c.mask.filter((m) => !overlap(m, part)), { start: part.start, end: part.end, kind }].sort((a, b) => a.start - b.start),
      release: c.release.filter((r) => !overlap(r, part)),
    }
  })
}

/** releaseHere leaves a finding as it is, this time only. */
export function releaseHere(part: Range): void {
  change('release', () => {
    const c = corrections.value
    corrections.value = {
      mask: c.mask.filter((m) => !overlap(m, part)),
      release: [...c.release, { start: part.start, end: part.end }],
    }
  })
}

/** step moves to the next (1) or the previous (-1) finding that is drawn, from place `at` if none is looked at. */
export function step(by: 1 | -1, at: number): void {
  const all = spans.value
  const seen = (i: number) => !hidden.value.has(all[i]!.kind)
  let i = current.value
  if (i < 0) i = by > 0 ? all.findIndex((s) => s.end > at) - 1 : all.findIndex((s) => s.start >= at)
  if (i === -2) i = -1 // None is behind the place: begin at the start.
  if (i === -1 && by < 0) i = all.length
  for (i += by; i >= 0 && i < all.length; i += by) {
    if (seen(i)) {
      current.value = i
      return
    }
  }
}
