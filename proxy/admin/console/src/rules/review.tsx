// What the draft changes, what that does to texts, and saving it with a reason.
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isAbort, messageOf, Refused } from '../api'
import { say } from '../state'
import { text as compared } from '../compare/state'
import { Button, Dialog, Field, KindChip, plural, Problem } from '../ui'
import { changes, draft, save, test, type Tested } from './draft'
import { sectionNames, type Change } from './entries'

export const reviewing = signal(false)

/** DraftButton says that there is a draft, and opens it. */
export function DraftButton() {
  const n = changes.value.length
  if (n === 0) return null
  return (
    <Button look="main" icon="edit" onClick={() => (reviewing.value = true)}>
      Draft: {plural(n, 'change')}
    </Button>
  )
}

export function ChangeLine({ change: { added, entry: e } }: { change: Change }) {
  return (
    <li class={added ? 'change added' : 'change removed'}>
      <span class="sign" aria-label={added ? 'Added' : 'Removed'}>
        {added ? '+' : '−'}
      </span>
      <span class="muted">{sectionNames[e.section]}</span>
      {e.kind && <KindChip kind={e.kind} />}
      <code>{e.rule ? `${e.text}: ${e.rule.pattern ?? (e.rule.keywords ?? []).join(', ')}` : e.text}</code>
      {e.scope.of !== 'all' && (
        <span class="tag">
          {e.scope.of} {e.scope.name}
        </span>
      )}
    </li>
  )
}

export function Review() {
  if (!reviewing.value || !draft.value) return null
  return <Open />
}

function Open() {
  const reason = useSignal('')
  const sample = useSignal('')
  const problem = useSignal('')
  const reasons = useSignal<string[]>([])
  const tested = useSignal<Tested | null>(null)
  const busy = useSignal(false)
  const close = () => (reviewing.value = false)
  const texts = [compared.value, sample.value]

  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        tested.value = await test(draft.value!, texts, '', stop.signal)
        problem.value = ''
        reasons.value = []
      } catch (e) {
        if (!isAbort(e)) tell(e)
      }
    }, 200)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [sample.value, draft.value])

  const tell = (e: unknown) => {
    problem.value = messageOf(e)
    reasons.value = e instanceof Refused ? e.reasons : []
  }
  const submit = async (e: Event) => {
    e.preventDefault()
    busy.value = true
    try {
      await save(reason.value)
      say('The rules are saved; every replica follows within a second.')
      close()
    } catch (e) {
      tell(e)
    }
    busy.value = false
  }
  return (
    <Dialog title="Draft of rules" wide onClose={close}>
      <form class="stack" onSubmit={submit}>
        <ul class="changes">
          {changes.value.map((c, i) => (
            <ChangeLine key={i} change={c} />
          ))}
        </ul>
        <section class="stack">
          <h3>What it does to texts</h3>
          <Effect name="The text on Compare" text={compared.value} result={tested.value?.results[0]} />
          <Field label="A sample of your own">
            <textarea class="area" rows={3} spellcheck={false} value={sample.value} onInput={(e) => (sample.value = e.currentTarget.value)} />
          </Field>
          {sample.value && <Effect name="The sample" text={sample.value} result={tested.value?.results[1]} />}
          {[...(tested.value?.conflicts ?? []), ...(tested.value?.warnings ?? [])].map((w) => (
            <p key={w} class="note">
              {w}
            </p>
          ))}
        </section>
        <Field label="Why" hint="It stays with the version, for whoever reads it later.">
          <input class="input" required maxLength={500} value={reason.value} onInput={(e) => (reason.value = e.currentTarget.value)} />
        </Field>
        <Problem text={problem.value}>
          <ul>
            {reasons.value.map((r) => (
              <li key={r}>{r}</li>
            ))}
          </ul>
        </Problem>
        <footer>
          <Button
            look="bad"
            icon="trash"
            onClick={() => {
              draft.value = null
              close()
            }}
          >
            Discard
          </Button>
          <span class="grow" />
          <Button onClick={close}>Later</Button>
          <Button look="main" type="submit" disabled={busy.value}>
            Save and put in force
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

/** Effect says what a draft finds more and less in a text. */
export function Effect({ name, text, result }: { name: string; text: string; result: Tested['results'][number] | undefined }) {
  if (!result || !text) return null
  const { added, removed } = result
  const list = (spans: typeof added) => (
    <ul class="effects">
      {spans.slice(0, 12).map((s) => (
        <li key={s.start}>
          <KindChip kind={s.kind} /> <code>{text.slice(s.start, s.end).slice(0, 120)}</code>
        </li>
      ))}
      {spans.length > 12 && <li class="muted">and {spans.length - 12} more</li>}
    </ul>
  )
  return (
    <div class="effect">
      <p>
        {name}: {added.length + removed.length === 0 ? 'nothing changes.' : `${plural(added.length, 'finding')} more, ${removed.length} fewer.`}
      </p>
      {added.length > 0 && (
        <div>
          <span class="tag good">more</span>
          {list(added)}
        </div>
      )}
      {removed.length > 0 && (
        <div>
          <span class="tag warn">fewer</span>
          {list(removed)}
        </div>
      )}
    </div>
  )
}
