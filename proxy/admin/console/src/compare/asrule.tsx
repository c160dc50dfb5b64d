// Corrections that shall hold from now on: they go into the draft of rules, and
// into this text's corrections, so that their effect is seen before they are saved.
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { isAbort, messageOf, type Span } from '../api'
import { allowed, amend, current as document, ruleEntry, term, test } from '../rules/draft'
import { applied, entriesOf, type Entry } from '../rules/entries'
import { nameFor, suggest } from '../rules/suggest'
import { kinds, say } from '../state'
import { Button, Dialog, Field, plural, Problem } from '../ui'
import { KindField } from '../rules/kindfield'
import { change, corrections, policy, spans, text } from './state'

export { canDraft } from '../rules/draft'

/** What a rule is being made of; null while none is. */
export const asRule = signal<{ kind: string; value: string } | null>(null)

/** alwaysAllow puts a value on the allow-list of its kind, and releases it everywhere in this text. */
export function alwaysAllow(kind: string, value: string): void {
  change('always allow', () => {
    amend([allowed(kind, value)])
    const same = spans.value.filter((s) => s.kind === kind && text.value.slice(s.start, s.end) === value)
    const c = corrections.value
    corrections.value = { ...c, release: [...c.release, ...same.map(({ start, end }) => ({ start, end }))] }
  })
  say('Added to the draft of rules. It holds for others once it is saved.')
}

type How = 'term' | number | 'own'

export function AsRule() {
  const a = asRule.value
  return a && <Make key={a.value} kind={a.kind} value={a.value} />
}

function Make({ kind: first, value }: { kind: string; value: string }) {
  const suggestions = suggest(value)
  const [kind, setKind] = useState(first)
  const [how, setHow] = useState<How>('term')
  const [own, setOwn] = useState(suggestions[0] ?? '')
  const [name, setName] = useState('')
  const [hits, setHits] = useState<Span[] | null>(null)
  const [problem, setProblem] = useState('')

  const pattern = how === 'own' ? own : how === 'term' ? '' : suggestions[how]!
  const named = name || nameFor(kind, entriesOf(document()).filter((e) => e.rule).map((e) => e.text))
  const entry = (): Entry => (how === 'term' ? term(kind, value.trim()) : ruleEntry({ name: named, kind, pattern }))

  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const t = await test(applied(document(), [{ added: true, entry: entry() }]), [text.value], policy.value, stop.signal)
        setHits(t.results[0]!.added.filter((s) => s.kind === kind))
        setProblem('')
      } catch (e) {
        if (isAbort(e)) return
        setHits(null)
        setProblem(messageOf(e))
      }
    }, 200)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [kind, how, pattern, named])

  const known = kinds.value.some((k) => k.kind === kind && k.on)
  const close = () => (asRule.value = null)
  const submit = (e: Event) => {
    e.preventDefault()
    if (problem) return
    change('new rule', () => {
      amend([entry()])
      if (!known) return // A kind that no rule in force has yet has no tokens either.
      const c = corrections.value
      const found = hits ?? []
      const free = c.mask.filter((m) => !found.some((s) => s.start < m.end && m.start < s.end))
      corrections.value = { ...c, mask: [...free, ...found.map(({ start, end }) => ({ start, end, kind }))].sort((x, y) => x.start - y.start) }
    })
    say(known ? 'Added to the draft of rules. It holds for others once it is saved.' : 'Added to the draft of rules. The kind is new: it is masked once the draft is saved.')
    close()
  }
  const others = (hits ?? []).filter((s) => text.value.slice(s.start, s.end) !== value)

  return (
    <Dialog title="Mask from now on" onClose={close}>
      <form class="stack" onSubmit={submit}>
        <KindField value={kind} onChange={setKind} />
        <fieldset class="choices">
          <legend class="label">What to find</legend>
          <Choice name="how" checked={how === 'term'} onChoose={() => setHow('term')}>
            Exactly <code>{value}</code>, in any case
          </Choice>
          {suggestions.map((p, i) => (
            <Choice key={p} name="how" checked={how === i} onChoose={() => setHow(i)}>
              All that looks like it: <code>{p}</code>
            </Choice>
          ))}
          <Choice name="how" checked={how === 'own'} onChoose={() => setHow('own')}>
            A pattern of one’s own
          </Choice>
          {how === 'own' && (
            <input class="input mono" aria-label="Pattern, a regular expression of RE2" value={own} spellcheck={false} onInput={(e) => setOwn(e.currentTarget.value)} />
          )}
        </fieldset>
        {how !== 'term' && (
          <Field label="Name of the rule">
            <input class="input" value={name} placeholder={named} onInput={(e) => setName(e.currentTarget.value)} />
          </Field>
        )}
        <Problem text={problem} />
        <div class="preview" aria-live="polite">
          {hits && (
            <>
              <strong>{hits.length === 0 ? 'It finds nothing new in this text.' : `It finds ${plural(hits.length, 'place')} in this text` + (others.length ? `, ${others.length} of them others:` : '.')}</strong>
              <ul>
                {others.slice(0, 8).map((s) => (
                  <li key={s.start}>
                    <Around at={s} />
                  </li>
                ))}
                {others.length > 8 && <li class="muted">and {plural(others.length - 8, 'more', 'more')}</li>}
              </ul>
            </>
          )}
        </div>
        <footer>
          <Button onClick={close}>Cancel</Button>
          <Button look="main" type="submit" disabled={!!problem || !hits}>
            Add to the draft
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function Choice({ name, checked, onChoose, children }: { name: string; checked: boolean; onChoose: () => void; children: preact.ComponentChildren }) {
  return (
    <label class="check">
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  )
}

/** Around shows a finding with a few words around it. */
function Around({ at }: { at: Span }) {
  const t = text.value
  const before = t.slice(Math.max(0, at.start - 28), at.start).split('\n').at(-1)
  const after = t.slice(at.end, at.end + 28).split('\n')[0]
  return (
    <code>
      {before}
      <mark class="k1">{t.slice(at.start, at.end)}</mark>
      {after}
    </code>
  )
}
