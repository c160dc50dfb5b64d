// The panel beside the texts: the finding that is looked at, and the list of all.
import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { MaskedSpan } from '../api'
import { nameOf } from '../kinds'
import { Button, copy, Dot, KindChip } from '../ui'
import { alwaysAllow, canDraft } from './asrule'
import { views } from './panes'
import { busy, corrections, current, hidden, hovered, releaseHere, spans, text } from './state'

export function Side() {
  return (
    <aside class="panel side" aria-label="Findings">
      <Card />
      <List />
    </aside>
  )
}

const valueOf = (s: MaskedSpan): string => text.value.slice(s.start, s.end)

const actions: Record<string, string> = {
  token: 'replaced by a token', allow: 'stays as it is', redact: 'taken out', surrogate: 'replaced by a made-up value',
  last4: 'cut to its end', hash: 'replaced by a hash', block: 'refuses the request',
}

function Card() {
  const s = spans.value[current.value]
  if (!s) {
    return (
      <div class="card">
        <h2>Finding</h2>
        <p class="muted">
          {spans.value.length > 0
            ? 'Click a highlighted value, or press Alt and an arrow, to see what found it and what stands in its place.'
            : 'What is found in the text is listed here.'}
        </p>
        {spans.value.length === 0 && corrections.value.release.length > 0 && <p class="hint">You have released everything that was found.</p>}
      </div>
    )
  }
  return (
    <div class="card" aria-live="polite">
      <div class="row">
        <KindChip kind={s.kind} />
        <span class="grow" />
        <span class="status">
          {current.value + 1} of {spans.value.length}
        </span>
      </div>
      <div class="value">{valueOf(s).slice(0, 400)}</div>
      <dl class="facts">
        <dt>Found by</dt>
        <dd class="mono">{s.rule}</dd>
        <dt>Score</dt>
        <dd>
          <span class="meter">
            <i style={{ width: `${Math.round(s.score * 100)}%` }} />
          </span>
          <span class="number">{s.score.toFixed(2)}</span>
        </dd>
        <dt>Action</dt>
        <dd>{actions[s.action] ?? s.action}</dd>
        <dt>Token</dt>
        <dd class="token">
          <code>{s.token || '–'}</code>
          {s.token && <Button icon="copy" label="Copy the token" look="quiet" onClick={() => void copy(s.token, 'The token was')} />}
        </dd>
      </dl>
      <div class="row">
        <Button icon="eye" keys="Alt+R" onClick={() => releaseHere(s)}>
          Release
        </Button>
        {canDraft() && (
          <Button look="quiet" onClick={() => alwaysAllow(s.kind, valueOf(s))}>
            Always allow
          </Button>
        )}
      </div>
    </div>
  )
}

const rowHeight = 46

/** List draws the rows in view only. */
function List() {
  const box = useRef<HTMLDivElement>(null)
  const top = useSignal(0)
  const height = useSignal(600)
  const rows = useComputed(() => spans.value.map((s, i) => ({ s, i })).filter(({ s }) => !hidden.value.has(s.kind)))

  useEffect(() => {
    const el = box.current!
    const resize = new ResizeObserver(() => (height.value = el.clientHeight))
    resize.observe(el)
    return () => resize.disconnect()
  }, [])
  useEffect(() => {
    const at = rows.value.findIndex((r) => r.i === current.value)
    const el = box.current!
    if (at < 0) return
    if (at * rowHeight < el.scrollTop) el.scrollTop = at * rowHeight
    else if ((at + 1) * rowHeight > el.scrollTop + el.clientHeight) el.scrollTop = (at + 1) * rowHeight - el.clientHeight
  }, [current.value])

  const first = Math.max(0, Math.floor(top.value / rowHeight) - 4)
  const last = Math.min(rows.value.length, first + Math.ceil(height.value / rowHeight) + 8)
  return (
    <div class="list" ref={box} onScroll={(e) => (top.value = e.currentTarget.scrollTop)} aria-busy={busy.value}>
      <ul style={{ height: `${rows.value.length * rowHeight}px` }}>
        {rows.value.slice(first, last).map(({ s, i }, k) => (
          <li key={i}>
            <button
              type="button"
              class={i === hovered.value ? 'item linked' : 'item'}
              style={{ top: `${(first + k) * rowHeight}px` }}
              aria-current={i === current.value ? 'true' : undefined}
              onClick={() => lookAt(i)}
              onMouseEnter={() => (hovered.value = i)}
              onMouseLeave={() => (hovered.value = -1)}
            >
              <Dot kind={s.kind} />
              <span class="mono">{valueOf(s).slice(0, 80).replace(/\s+/g, ' ')}</span>
              <span class="what">
                {nameOf(s.kind)} · {s.token || 'stays'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** lookAt makes a finding the current one and shows it on both sides. */
export function lookAt(i: number): void {
  current.value = i
  const s = spans.value[i]
  if (!s) return
  views.value?.original.reveal(s.start, s.end)
  views.value?.masked.reveal(s.masked_start, s.masked_end)
}
