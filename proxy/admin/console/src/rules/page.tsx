// Rules: the organisation's own, those that ship with maskit, the policies, and
// what was in force before.
import { signal } from '@preact/signals'
import { has } from '../state'
import { Page } from '../ui'
import { BuiltIns } from './builtins'
import { Own } from './own'
import { Policies } from './policies'
import { DraftButton, Review } from './review'
import { Versions } from './versions'

const tabs = [
  { id: 'own', name: 'Your rules', view: Own, route: 'GET /api/v1/rules' },
  { id: 'builtin', name: 'Built in', view: BuiltIns, route: 'GET /api/v1/rules' },
  { id: 'policies', name: 'Policies and packs', view: Policies, route: 'GET /api/v1/policies' },
  { id: 'versions', name: 'Versions', view: Versions, route: 'GET /api/v1/rules/versions' },
]

const tab = signal('own')

export function Rules() {
  const shown = tabs.filter((t) => has(t.route))
  const at = shown.find((t) => t.id === tab.value) ?? shown[0]!
  const move = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    tab.value = shown[(shown.indexOf(at) + by + shown.length) % shown.length]!.id
    requestAnimationFrame(() => document.getElementById('tab-' + tab.value)?.focus())
  }
  return (
    <Page title="Rules and policies" controls={<DraftButton />}>
      <div class="tabs" role="tablist" aria-label="Rules" onKeyDown={move}>
        {shown.map((t) => (
          <button
            key={t.id}
            id={'tab-' + t.id}
            type="button"
            role="tab"
            aria-selected={t === at}
            aria-controls="tab-panel"
            tabIndex={t === at ? 0 : -1}
            onClick={() => (tab.value = t.id)}
          >
            {t.name}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={'tab-' + at.id} class="stack">
        <at.view />
      </div>
      <Review />
    </Page>
  )
}
