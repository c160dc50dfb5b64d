// Adding and changing one entry of the rules.
import { useSignal } from '@preact/signals'
import { policies, session } from '../state'
import { Button, Dialog, Field, Select } from '../ui'
import { amend, ruleEntry, type Rule } from './draft'
import { everywhere, type Entry, type Scope, type Section } from './entries'
import { KindField } from './kindfield'
import { nameFor } from './suggest'

const sections: { value: Section; text: string; kind: boolean }[] = [
  { value: 'rules', text: 'A rule: a pattern or keywords', kind: true },
  { value: 'dictionaries', text: 'Terms, in any case and spelling', kind: true },
  { value: 'deny', text: 'Values that are always masked', kind: true },
  { value: 'allow', text: 'Values that are never masked', kind: false },
  { value: 'allow_by_kind', text: 'Values that are never masked as one kind', kind: true },
  { value: 'allow_patterns', text: 'Patterns of values that are never masked', kind: false },
]

const lines = (s: string): string[] => s.split('\n').map((l) => l.trim()).filter(Boolean)

export function Editor({ entry, onClose }: { entry: Entry | 'new'; onClose: () => void }) {
  const was = entry === 'new' ? null : entry
  const section = useSignal<Section>(was?.section ?? 'rules')
  const kind = useSignal(was?.kind || 'PROJECT')
  const text = useSignal(was && !was.rule ? was.text : '')
  const scope = useSignal<Scope>(was?.scope ?? everywhere)
  const rule = useSignal<Rule>(was?.rule ?? { name: '', kind: 'PROJECT' })
  const withKind = sections.find((s) => s.value === section.value)!.kind
  const set = (part: Partial<Rule>) => (rule.value = { ...rule.value, ...part })

  const submit = (e: Event) => {
    e.preventDefault()
    amend(made(), was ? [was] : [])
    onClose()
  }
  const made = (): Entry[] => {
    if (section.value === 'rules') {
      const r: Rule = { ...rule.value, kind: kind.value, name: rule.value.name.trim() || nameFor(kind.value, []) }
      for (const k of ['pattern', 'validator'] as const) if (!r[k]) delete r[k]
      for (const k of ['keywords', 'context', 'allow'] as const) if (!r[k]?.length) delete r[k]
      if (!r.score) delete r.score
      return [ruleEntry(r, scope.value)]
    }
    return lines(text.value).map((t) => ({
      scope: scope.value, section: section.value, kind: withKind ? kind.value : '', text: t, pattern: was?.pattern ?? section.value === 'allow_patterns',
    }))
  }

  return (
    <Dialog title={was ? 'Edit' : 'Add'} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {!was && (
          <Field label="What">
            <select class="select" value={section.value} onChange={(e) => (section.value = e.currentTarget.value as Section)}>
              {sections.map((s) => (
                <option key={s.value} value={s.value}>
                  {s.text}
                </option>
              ))}
            </select>
          </Field>
        )}
        {withKind && <KindField value={kind.value} onChange={(k) => (kind.value = k)} />}
        {section.value === 'rules' ? (
          <>
            <Field label="Name">
              <input class="input" required value={rule.value.name} onInput={(e) => set({ name: e.currentTarget.value })} />
            </Field>
            <Field label="Pattern" hint="A regular expression of RE2. The value is its group (?P<value>…), or all that it matches.">
              <input class="input mono" spellcheck={false} value={rule.value.pattern ?? ''} onInput={(e) => set({ pattern: e.currentTarget.value })} />
            </Field>
            <Field label="Keywords" hint="One a line; whole words, in any case.">
              <textarea class="area" rows={2} spellcheck={false} value={(rule.value.keywords ?? []).join('\n')} onChange={(e) => set({ keywords: lines(e.currentTarget.value) })} />
            </Field>
            <div class="pair">
              <Field label="Score" hint="Certainty of a match by itself.">
                <input class="input" type="number" min="0" max="1" step="0.05" placeholder="1" value={rule.value.score ?? ''} onInput={(e) => set({ score: Number(e.currentTarget.value) })} />
              </Field>
              <Field label="Words near it" hint="One a line; they make it more certain.">
                <textarea class="area" rows={2} spellcheck={false} value={(rule.value.context ?? []).join('\n')} onChange={(e) => set({ context: lines(e.currentTarget.value) })} />
              </Field>
            </div>
          </>
        ) : (
          <Field label={section.value === 'allow_patterns' || was?.pattern ? 'Patterns' : 'Values'} hint="One a line.">
            <textarea class="area" rows={5} required spellcheck={false} value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
          </Field>
        )}
        <ScopeField value={scope.value} onChange={(s) => (scope.value = s)} />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit">
            {was ? 'Change the draft' : 'Add to the draft'}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function ScopeField({ value, onChange }: { value: Scope; onChange: (s: Scope) => void }) {
  const known = session.value!.tenants
  const options = [
    { value: 'all:', text: 'Everywhere' },
    ...policies.value.map((p) => ({ value: 'policy:' + p.name, text: `Policy ${p.name}` })),
    ...known.map((t) => ({ value: 'tenant:' + t, text: `Tenant ${t}` })),
    ...(value.of === 'tenant' && !known.includes(value.name) ? [{ value: 'tenant:' + value.name, text: `Tenant ${value.name}` }] : []),
  ]
  return (
    <div class="field">
      <span class="label">Where it holds</span>
      <Select
        label="Where it holds"
        value={`${value.of}:${value.name}`}
        options={options}
        onChange={(v) => {
          const [of, ...name] = v.split(':')
          onChange({ of: of as Scope['of'], name: name.join(':') })
        }}
      />
    </div>
  )
}
