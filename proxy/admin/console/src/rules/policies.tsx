// The policies, and the packs, which can be switched on for every policy.
import { useComputed } from '@preact/signals'
import type { Policy } from '../api'
import { nameOf } from '../kinds'
import { policies } from '../state'
import { KindChip, plural } from '../ui'
import { amend, canDraft, current } from './draft'
import { everywhere, type Entry } from './entries'

const enable = (kind: string): Entry => ({ scope: everywhere, section: 'enable', kind, text: '', pattern: false })

export function Policies() {
  const base = useComputed(() => policies.value.find((p) => p.default)).value
  return (
    <div class="cards">
      {policies.value.map((p) => (
        <Card key={p.name} policy={p} base={base} />
      ))}
    </div>
  )
}

function Card({ policy: p, base }: { policy: Policy; base: Policy | undefined }) {
  const drafted = current().enable ?? []
  const more = base && p.origin === 'pack' ? p.kinds.filter((k) => !base.kinds.includes(k) || drafted.includes(k)) : []
  const on = more.length > 0 && more.every((k) => drafted.includes(k))
  const actions = Object.entries(p.actions ?? {})
  return (
    <section class="panel pad stack" aria-label={p.name}>
      <div class="row">
        <h2>{p.name}</h2>
        {p.default && <span class="tag accent">default</span>}
        <span class="tag">{p.origin === 'pack' ? 'pack' : 'configured'}</span>
        {p.mode !== 'mask' && <span class="tag warn">{p.mode}</span>}
        <span class="grow" />
        {canDraft() && more.length > 0 && (
          <label class="check" title={`Also looks for ${more.map(nameOf).join(', ')} in every policy`}>
            <input type="checkbox" role="switch" checked={on} onChange={() => (on ? amend([], more.map(enable)) : amend(more.map(enable)))} />
            {on ? 'On everywhere' : 'Switch on'}: {plural(more.length, 'kind')}
          </label>
        )}
      </div>
      <p class="muted">{p.doc.charAt(0).toUpperCase() + p.doc.slice(1)}.</p>
      {actions.length > 0 && (
        <p>
          {actions.map(([kind, action]) => (
            <span key={kind} class="pairing">
              <KindChip kind={kind} /> {action}
            </span>
          ))}
        </p>
      )}
      <details>
        <summary>
          {plural(p.kinds.length, 'kind')}, from a certainty of {p.min_score}
        </summary>
        <p class="kinds">
          {p.kinds.map((k) => (
            <KindChip key={k} kind={k} />
          ))}
        </p>
      </details>
    </section>
  )
}
