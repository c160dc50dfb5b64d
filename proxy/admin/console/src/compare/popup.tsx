// The popup at a finding or at a selection: what to do about it.
import { signal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { kindOptions } from '../rules/kindfield'
import type { Side } from '../text/spans'
import { Button, KindChip, Select } from '../ui'
import { alwaysAllow, asRule, canDraft } from './asrule'
import { selection, views } from './panes'
import { current, maskHere, releaseHere, spans, text } from './state'

export interface Asked {
  about: 'finding' | 'selection'
  side: Side
}

/** What the popup is open for. */
export const asked = signal<Asked | null>(null)

export function Popup() {
  const a = asked.value
  const finding = spans.value[current.value]
  const part = a?.about === 'selection' ? selection.value : a && finding ? (a.side === 'original' ? finding : { start: finding.masked_start, end: finding.masked_end }) : null
  if (!a || !part) return null
  return <Placed key={`${a.about} ${part.start}`} side={a.side} start={part.start} end={part.end}>{a.about === 'finding' ? <OfFinding /> : <OfSelection />}</Placed>
}

const gap = 8

function Placed({ side, start, end, children }: { side: Side; start: number; end: number; children: preact.ComponentChildren }) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const el = ref.current!
    const at = views.value?.[side].box(start, end)
    if (!at) return
    const pane = views.value![side].scroller.getBoundingClientRect()
    el.style.visibility = at.bottom < pane.top || at.top > pane.bottom ? 'hidden' : ''
    const below = at.bottom + gap + el.offsetHeight < innerHeight - 8
    el.style.top = `${Math.max(8, below ? at.bottom + gap : at.top - gap - el.offsetHeight)}px`
    el.style.left = `${Math.max(8, Math.min(at.left, innerWidth - el.offsetWidth - 12))}px`
  })
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.key !== 'Escape') return
      if (ref.current?.contains(document.activeElement)) document.querySelector<HTMLElement>('textarea.text')?.focus()
      asked.value = null
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <div class="popup" role="group" aria-label="Correct the masking" ref={ref}>
      {children}
    </div>
  )
}

function OfFinding() {
  const s = spans.value[current.value]
  if (!s) return null
  const done = (f: () => void) => () => {
    f()
    asked.value = null
  }
  return (
    <div class="row">
      <KindChip kind={s.kind} />
      <Button icon="eye" keys="Alt+R" onClick={done(() => releaseHere(s))}>
        Release this time
      </Button>
      {canDraft() && <Button onClick={done(() => alwaysAllow(s.kind, text.value.slice(s.start, s.end)))}>Always allow</Button>}
    </div>
  )
}

/** The kind that was chosen last: whoever masks one name masks another. */
const lastKind = signal('')

function OfSelection() {
  const part = selection.value
  const options = kindOptions()
  const [kind, setKind] = useState(lastKind.value || options[0]!.value)
  if (!part) return null
  const choose = (k: string) => {
    lastKind.value = k
    setKind(k)
  }
  return (
    <div class="row">
      <span class="muted">Mask</span>
      <code class="quote">{text.value.slice(part.start, part.end).slice(0, 28)}</code>
      <span class="muted">as</span>
      <Select label="Kind" value={kind} options={options} onChange={choose} />
      <Button
        look="main"
        onClick={() => {
          lastKind.value = kind
          maskHere(part, kind)
          asked.value = null
        }}
      >
        This time
      </Button>
      {canDraft() && (
        <Button
          onClick={() => {
            asRule.value = { kind, value: text.value.slice(part.start, part.end) }
            asked.value = null
          }}
        >
          As a rule…
        </Button>
      )}
    </div>
  )
}
