// Compare: the first page. The original on the left, what a provider would see on
// the right.
import { useEffect, useRef } from 'preact/hooks'
import { colourOf, nameOf } from '../kinds'
import { DraftButton, Review } from '../rules/review'
import { policies, say } from '../state'
import { Button, copy, count, Page, plural, Select } from '../ui'
import { ExportMenu } from './export'
import { openFile } from './files'
import { offerMasking, Panes, selection, views } from './panes'
import { AsRule } from './asrule'
import { asked, Popup } from './popup'
import { sample } from './sample'
import { lookAt, Side } from './side'
import { busy, counts, current, future, hidden, look, masked, past, policy, redo, releaseHere, replace, spans, step, text, took, undo } from './state'

export function Compare() {
  useEffect(() => {
    addEventListener('keydown', shortcut)
    return () => removeEventListener('keydown', shortcut)
  }, [])
  return (
    <Page title="Compare" fixed controls={<Controls />}>
      <Bar />
      <div class="compare">
        <Panes />
        <Side />
      </div>
      <Popup />
      <AsRule />
      <Review />
    </Page>
  )
}

function shortcut(e: KeyboardEvent): void {
  if (!e.altKey || e.ctrlKey || e.metaKey || document.querySelector('dialog[open]')) return
  const act: Record<string, () => void> = {
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    KeyR: release,
    KeyM: () => {
      offerMasking()
      requestAnimationFrame(() => document.querySelector<HTMLElement>('.popup select')?.focus())
    },
    KeyZ: () => (e.shiftKey ? again() : back()),
    KeyC: () => masked.value && void copy(masked.value, 'The masked text was'),
  }
  const f = act[e.code]
  if (!f) return
  e.preventDefault()
  f()
}

function walk(by: 1 | -1): void {
  asked.value = null
  step(by, selection.value?.end ?? views.value?.original.offsetAt(0) ?? 0)
  lookAt(current.value)
}

function release(): void {
  const s = spans.value[current.value]
  if (s) releaseHere(s)
  asked.value = null
}

const back = () => {
  const what = undo()
  if (what) say(`Undone: ${what}.`)
}
const again = () => {
  const what = redo()
  if (what) say(`Done again: ${what}.`)
}

function Controls() {
  const file = useRef<HTMLInputElement>(null)
  const names = policies.value.map((p) => ({ value: p.default ? '' : p.name, text: p.default && p.name !== 'default' ? `${p.name} (default)` : p.name }))
  return (
    <>
      <Button icon="undo" label="Undo a correction" keys="Alt+Z" look="quiet" disabled={past.value.length === 0} onClick={back} />
      <Button icon="redo" label="Redo a correction" keys="Alt+Shift+Z" look="quiet" disabled={future.value.length === 0} onClick={again} />
      <span class="divider" />
      <span class="muted" aria-hidden="true">
        Policy
      </span>
      <Select
        label="Policy"
        value={policy.value}
        options={names}
        onChange={(p) => {
          policy.value = p
          look()
        }}
      />
      <input
        ref={file}
        type="file"
        hidden
        aria-hidden="true"
        onChange={(e) => {
          const chosen = e.currentTarget.files?.[0]
          e.currentTarget.value = ''
          if (chosen) void openFile(chosen)
        }}
      />
      <Button icon="file" onClick={() => file.current!.click()}>
        Open
      </Button>
      {text.value ? <Button onClick={() => replace('')}>Clear</Button> : <Button onClick={() => replace(sample)}>Use a sample</Button>}
      <ExportMenu />
      <DraftButton />
    </>
  )
}

function Bar() {
  const all = spans.value.length
  return (
    <div class="bar">
      <div class="filters" role="group" aria-label="Kinds that are drawn">
        {counts.value.map(([kind, n]) => (
          <button key={kind} type="button" class={`filter k${colourOf(kind)}`} aria-pressed={!hidden.value.has(kind)} onClick={() => toggle(kind)}>
            {nameOf(kind)} <b>{count(n)}</b>
          </button>
        ))}
        {counts.value.length === 0 && <span class="status">{text.value && masked.value && !busy.value ? 'Nothing was found in this text.' : ''}</span>}
      </div>
      <span class={busy.value ? 'status busy' : 'status'} role="status">
        {all > 0 && `${plural(all, 'finding')} · ${Math.round(took.value)} ms`}
      </span>
    </div>
  )
}

function toggle(kind: string): void {
  const next = new Set(hidden.value)
  if (!next.delete(kind)) next.add(kind)
  hidden.value = next
}
