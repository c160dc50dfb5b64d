// A short text with its findings as elements. Long texts are drawn by TextView.
import type { ComponentChildren } from 'preact'
import { colourOf } from '../kinds'
import type { Range } from './spans'

interface Props {
  text: string
  /** Sorted, without overlap. */
  spans: (Range & { kind: string; title?: string })[]
}

export function Marked({ text, spans }: Props) {
  const out: ComponentChildren[] = []
  let from = 0
  for (const s of spans) {
    if (s.start < from) continue
    out.push(text.slice(from, s.start))
    out.push(
      <mark key={s.start} class={`k${colourOf(s.kind)}`} title={s.title ?? s.kind}>
        {text.slice(s.start, s.end)}
      </mark>,
    )
    from = s.end
  }
  return (
    <>
      {out}
      {text.slice(from)}
    </>
  )
}
