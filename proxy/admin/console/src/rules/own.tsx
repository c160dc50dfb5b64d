// The organisation's own rules, with those of the draft, and a test beside them.
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isAbort, messageOf } from '../api'
import { Button, Empty, KindChip, plural, Problem } from '../ui'
import { Editor } from './editor'
import { hitsOf, loadHits } from '../stats'
import { amend, barred, canDraft, changes, current, live, test, type Tested } from './draft'
import { entriesOf, keyOf, sectionNames, type Entry, type Section } from './entries'
import { Effect } from './review'
import { Marked } from '../text/marked'

const query = signal('')
/** What is being edited: an entry, or a new one. */
export const editing = signal<Entry | 'new' | null>(null)

const matches = (e: Entry): boolean => {
  const q = query.value.trim().toLowerCase()
  return !q || [e.text, e.kind, sectionNames[e.section], e.scope.name, e.rule?.pattern ?? '', ...(e.rule?.keywords ?? [])].some((s) => s.toLowerCase().includes(q))
}

const order: Section[] = ['rules', 'dictionaries', 'deny', 'allow', 'allow_patterns', 'allow_by_kind', 'enable', 'disable']

export function Own() {
  useEffect(() => void loadHits().catch(() => {}), []) // The table is worth showing without them.
  if (barred.value) return <Problem text={barred.value} />
  if (!live.value) return <div class="panel skeleton" aria-busy="true" />
  const all = entriesOf(current())
  const added = new Set(changes.value.filter((c) => c.added).map((c) => keyOf(c.entry)))
  const rows = all.filter(matches).sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section))
  return (
    <>
      {live.value.fault && <Problem text={`This maskit works with version ${live.value.in_force}: ${live.value.fault}`} />}
      {[...live.value.conflicts, ...live.value.warnings].map((w) => (
        <p key={w} class="note">
          {w}
        </p>
      ))}
      <div class="row">
        <Search value={query.value} label="Search your rules" onInput={(v) => (query.value = v)} />
        <span class="status">
          {plural(all.length, 'entry', 'entries')} · version {live.value.version}
        </span>
        <span class="grow" />
        {canDraft() && (
          <Button icon="plus" onClick={() => (editing.value = 'new')}>
            Add
          </Button>
        )}
      </div>
      <div class="sides">
        <div class="panel">
          {rows.length === 0 ? (
            <Empty icon="rules" title={all.length ? 'Nothing matches' : 'No rules of your own yet'}>
              <p>{all.length ? 'Try another word.' : 'The built-in rules are at work. Add terms, patterns and allow-lists here, or correct a text on Compare.'}</p>
            </Empty>
          ) : (
            <table>
              <thead>
                <tr>
                  <th>What</th>
                  <th>Kind</th>
                  <th>Finds</th>
                  <th class="right" title="How many ways to go on a pattern keeps open at a character: up to 10 is usual, 40 the most">
                    Cost
                  </th>
                  <th class="right" title="In the last 24 hours">
                    Found
                  </th>
                  <th>
                    <span class="unseen">Change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((e) => (
                  <Row key={keyOf(e)} entry={e} fresh={added.has(keyOf(e))} />
                ))}
              </tbody>
            </table>
          )}
        </div>
        {canDraft() && <Test />}
      </div>
      {editing.value && <Editor entry={editing.value} onClose={() => (editing.value = null)} />}
    </>
  )
}

function Row({ entry: e, fresh }: { entry: Entry; fresh: boolean }) {
  const label = e.text || e.kind
  return (
    <tr>
      <td class="nowrap">
        {sectionNames[e.section]} {fresh && <span class="tag accent">draft</span>}
        {e.scope.of !== 'all' && (
          <div class="hint">
            {e.scope.of} {e.scope.name}
          </div>
        )}
      </td>
      <td>{e.kind ? <KindChip kind={e.kind} /> : <span class="muted">any</span>}</td>
      <td>
        {e.rule ? (
          <>
            <strong>{e.rule.name}</strong>
            <div>
              <code>{e.rule.pattern ?? (e.rule.keywords ?? []).join(', ')}</code>
            </div>
          </>
        ) : (
          <code>{e.text}</code>
        )}
      </td>
      <td class="right number">{e.rule && (live.value?.costs?.[e.rule.name]?.toFixed(1) ?? '–')}</td>
      <td class="right number">{e.rule && hitsOf(e.rule.name)}</td>
      <td class="right nowrap">
        {canDraft() && (
          <>
            {e.section !== 'enable' && e.section !== 'disable' && <Button icon="edit" look="quiet" label={`Edit ${label}`} onClick={() => (editing.value = e)} />}
            <Button icon="trash" look="quiet" label={`Remove ${label}`} onClick={() => amend([], [e])} />
          </>
        )}
      </td>
    </tr>
  )
}

/** A sample that the rules, with the draft, are tried on while it is typed. */
const sample = signal('')

function Test() {
  const result = useSignal<Tested | null>(null)
  const problem = useSignal('')
  const document = current()
  useEffect(() => {
    if (!sample.value) {
      result.value = null
      return
    }
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        result.value = await test(document, [sample.value], '', stop.signal)
        problem.value = ''
      } catch (e) {
        if (!isAbort(e)) problem.value = messageOf(e)
      }
    }, 180)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [sample.value, document])
  const r = result.value?.results[0]
  const stale = r?.spans.some((s) => s.end > sample.value.length)
  return (
    <section class="panel pad stack" aria-label="Test">
      <h2>Test</h2>
      <textarea class="area" rows={5} aria-label="A sample text" spellcheck={false} placeholder="A sample text: what the rules, with the draft, find in it." value={sample.value} onInput={(e) => (sample.value = e.currentTarget.value)} />
      <Problem text={problem.value} />
      {r && sample.value && !stale && (
        <>
          <div class="text sample">
            <Marked text={sample.value} spans={r.spans} />
          </div>
          {changes.value.length > 0 && <Effect name="The draft" text={sample.value} result={r} />}
        </>
      )}
    </section>
  )
}

export function Search({ value, label, onInput }: { value: string; label: string; onInput: (v: string) => void }) {
  return (
    <div class="search">
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14" />
      </svg>
      <input class="input" type="search" aria-label={label} placeholder="Search" value={value} onInput={(e) => onInput(e.currentTarget.value)} />
    </div>
  )
}
