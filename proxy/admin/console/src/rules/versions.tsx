// What was in force when, who put it there and why, and the way back.
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, messageOf } from '../api'
import { has, may, say } from '../state'
import { Button, Dialog, Empty, Field, plural, Problem } from '../ui'
import { live, rollBack, type Draft } from './draft'
import { changesBetween } from './entries'
import { ChangeLine } from './review'

interface Version {
  version: number
  who: string
  why: string
  when: string
  size: number
}

const list = signal<Version[] | null>(null)
const next = signal('')
const problem = signal('')

async function load(more = false): Promise<void> {
  try {
    const cursor = more ? `&cursor=${encodeURIComponent(next.value)}` : ''
    const page = await api<{ items: Version[]; next: string }>('GET', 'rules/versions?limit=50' + cursor)
    list.value = more ? [...(list.value ?? []), ...page.items] : page.items
    next.value = page.next
    problem.value = ''
  } catch (e) {
    problem.value = messageOf(e)
  }
}

export function Versions() {
  const open = useSignal<Version | null>(null)
  const version = live.value?.version
  useEffect(() => void load(), [version])
  if (problem.value) return <Problem text={problem.value} />
  if (!list.value) return <div class="panel skeleton" aria-busy="true" />
  if (list.value.length === 0) {
    return (
      <div class="panel">
        <Empty icon="rules" title="Nothing was changed yet">
          <p>Each time rules are saved, the version before stays here, with who changed it and why.</p>
        </Empty>
      </div>
    )
  }
  return (
    <div class="panel">
      <table>
        <thead>
          <tr>
            <th class="right">Version</th>
            <th>When</th>
            <th>Who</th>
            <th>Why</th>
            <th>
              <span class="unseen">Open</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.value.map((v) => (
            <tr key={v.version}>
              <td class="right number">{v.version}</td>
              <td class="nowrap number">{new Date(v.when).toLocaleString()}</td>
              <td>{v.who}</td>
              <td>{v.why}</td>
              <td class="right nowrap">
                {v.version === version && <span class="tag good">in force</span>}{' '}
                <Button look="quiet" label={`Differences of version ${v.version}`} onClick={() => (open.value = v)}>
                  Differences
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {next.value && (
        <div class="pad">
          <Button onClick={() => void load(true)}>Older versions</Button>
        </div>
      )}
      {open.value && <Differences of={open.value} onClose={() => (open.value = null)} />}
    </div>
  )
}

/** document returns the rules of a version; those before the first one are none. */
const document = async (n: number): Promise<Draft> => (n < 1 ? {} : (await api<{ document: Draft }>('GET', `rules/versions/${n}`)).document)

function Differences({ of, onClose }: { of: Version; onClose: () => void }) {
  const documents = useSignal<{ before: Draft; then: Draft } | null>(null)
  const reason = useSignal('')
  const failed = useSignal('')
  useEffect(() => {
    Promise.all([document(of.version - 1), document(of.version)])
      .then(([before, then]) => (documents.value = { before, then }))
      .catch((e) => (failed.value = messageOf(e)))
  }, [of])
  const d = documents.value
  const made = d ? changesBetween(d.before, d.then) : []
  const back = d && live.value ? changesBetween(live.value.document, d.then) : []
  const canGoBack = may('edit') && has('POST /api/v1/rules/rollback') && of.version !== live.value?.version
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      await rollBack(of.version, reason.value)
      say(`The rules are as in version ${of.version} again.`)
      onClose()
    } catch (e) {
      failed.value = messageOf(e)
    }
  }
  return (
    <Dialog title={`Version ${of.version}`} wide onClose={onClose}>
      <div class="stack">
        <p class="muted">
          {of.who}, {new Date(of.when).toLocaleString()}: {of.why}
        </p>
        <h3>What it changed</h3>
        {d && made.length === 0 && <p>Nothing.</p>}
        <ul class="changes">
          {made.map((c, i) => (
            <ChangeLine key={i} change={c} />
          ))}
        </ul>
        {canGoBack && d && (
          <form class="stack" onSubmit={submit}>
            <h3>Going back to it now means {plural(back.length, 'change')}</h3>
            <ul class="changes">
              {back.map((c, i) => (
                <ChangeLine key={i} change={c} />
              ))}
            </ul>
            <Field label="Why">
              <input class="input" required maxLength={500} value={reason.value} onInput={(e) => (reason.value = e.currentTarget.value)} />
            </Field>
            <footer>
              <Button look="main" type="submit">
                Go back to version {of.version}
              </Button>
            </footer>
          </form>
        )}
        <Problem text={failed.value} />
      </div>
    </Dialog>
  )
}
