// The rules that ship with maskit.
import { signal, useComputed } from '@preact/signals'
import { nameOf } from '../kinds'
import { count, KindChip, plural, Problem } from '../ui'
import { barred, live, type BuiltIn } from './draft'
import { Search } from './own'
import { useEffect } from 'preact/hooks'
import { hitsOf, loadHits } from '../stats'

const query = signal('')
const most = 150 // rows: more is searched, not read

export function BuiltIns() {
  useEffect(() => void loadHits().catch(() => {}), []) // The table is worth showing without them.
  const rows = useComputed(() => {
    const q = query.value.trim().toLowerCase()
    return (live.value?.builtin ?? []).filter((r) => !q || r.name.includes(q) || r.kind.toLowerCase().includes(q) || nameOf(r.kind).toLowerCase().includes(q))
  }).value
  if (barred.value) return <Problem text={barred.value} />
  return (
    <>
      <div class="row">
        <Search value={query.value} label="Search the built-in rules" onInput={(v) => (query.value = v)} />
        <span class="status">{plural(rows.length, 'rule')}</span>
      </div>
      <div class="panel">
        <table class="dense">
          <thead>
            <tr>
              <th>Rule</th>
              <th>Kind</th>
              <th class="right">Score</th>
              <th class="right" title="Since maskit started, in the last 24 hours at most">
                Found
              </th>
              <th class="right" title="Examples that the rule is tested to find, and not to find">
                Tested on
              </th>
              <th>In force</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((r) => (
              <Row key={r.name} rule={r} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && <p class="hint">{count(rows.length - most)} more: search for a name or a kind.</p>}
    </>
  )
}

function Row({ rule: r }: { rule: BuiltIn }) {
  return (
    <tr>
      <td>
        <code>{r.name}</code>
      </td>
      <td>
        <KindChip kind={r.kind} />
      </td>
      <td class="right number">{r.score.toFixed(2)}</td>
      <td class="right number">{hitsOf(r.name)}</td>
      <td class="right number">
        {r.hits} / {r.misses}
      </td>
      <td>{r.on ? <span class="tag good">on</span> : <span class="tag">off</span>}</td>
    </tr>
  )
}
