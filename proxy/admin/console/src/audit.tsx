// Audit: who did what and why, and whether the trail is as it was written.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, messageOf, Refused } from './api'
import { nameOf } from './kinds'
import { Button, count, Empty, Page, plural, Problem, Select } from './ui'

interface Entry {
  seq: number
  type: string
  time: string
  id?: string
  tenant?: string
  client?: string
  operator?: string
  source?: string
  session?: string
  reason?: string
  route?: string
  upstream?: string
  policy?: string
  status?: number
  code?: string
  decision?: string
  found?: Record<string, number>
  tokens?: string[]
  restored?: number
  unknown?: number
  mask_us?: number
  total_us?: number
}

interface Verified {
  ok: boolean
  first: number
  last: number
  records: number
  checkpoints: number
  unsigned: number
  faults: { file: string; line: number; record: number; what: string }[] | null
  more: number
}

const kindsOfRecord = [
  { value: '', text: 'Everything' },
  { value: 'exchange', text: 'Exchanges' },
  { value: 'restore', text: 'Restorations' },
  { value: 'rules', text: 'Changes of rules' },
  { value: 'access', text: 'Refused access' },
  { value: 'vault', text: 'Erasures and exports' },
]

const type = signal('')
const tenant = signal('')
const from = signal('')
const to = signal('')
const entries = signal<Entry[] | null>(null)
const next = signal('')
const problem = signal('')
const absent = signal('')
const verified = signal<Verified | null>(null)
const verifying = signal(false)
const open = signal(0)

async function load(more = false): Promise<void> {
  const q = new URLSearchParams({ limit: '100' })
  if (type.value) q.set('type', type.value)
  if (tenant.value.trim()) q.set('tenant', tenant.value.trim())
  if (from.value) q.set('from', new Date(from.value).toISOString())
  if (to.value) q.set('to', new Date(to.value).toISOString())
  if (more) q.set('cursor', next.value)
  try {
    const page = await api<{ items: Entry[]; next: string }>('GET', 'audit?' + q)
    entries.value = more ? [...(entries.value ?? []), ...page.items] : page.items
    next.value = page.next
    problem.value = ''
  } catch (e) {
    if (e instanceof Refused && e.status === 404) absent.value = e.message
    else problem.value = messageOf(e)
  }
}

async function verify(): Promise<void> {
  verifying.value = true
  try {
    verified.value = await api<Verified>('GET', 'audit/verify')
    problem.value = ''
  } catch (e) {
    problem.value = messageOf(e)
  }
  verifying.value = false
}

export function Audit() {
  useEffect(() => {
    const timer = setTimeout(() => void load(), entries.value ? 200 : 0)
    return () => clearTimeout(timer)
  }, [type.value, tenant.value, from.value, to.value])
  if (absent.value) {
    return (
      <Page title="Audit">
        <div class="panel">
          <Empty icon="audit" title="There is no trail to read">
            <p>{absent.value} Set it in the configuration, and every masking, restoration and change is recorded in a chain that shows tampering.</p>
          </Empty>
        </div>
      </Page>
    )
  }
  return (
    <Page
      title="Audit"
      controls={
        <Button icon="shield" disabled={verifying.value} onClick={() => void verify()}>
          {verifying.value ? 'Verifying…' : 'Verify the trail'}
        </Button>
      }
    >
      <div class="row filtering">
        <Select label="What" value={type.value} options={kindsOfRecord} onChange={(v) => (type.value = v)} />
        <input class="input" aria-label="Tenant" placeholder="Tenant" value={tenant.value} onInput={(e) => (tenant.value = e.currentTarget.value)} />
        <label class="row">
          <span class="muted">from</span>
          <input class="input" type="datetime-local" value={from.value} onChange={(e) => (from.value = e.currentTarget.value)} />
        </label>
        <label class="row">
          <span class="muted">to</span>
          <input class="input" type="datetime-local" value={to.value} onChange={(e) => (to.value = e.currentTarget.value)} />
        </label>
        <Button look="quiet" onClick={() => void load()}>
          Refresh
        </Button>
      </div>
      <Problem text={problem.value} />
      <Verdict />
      <Trail />
    </Page>
  )
}

function Verdict() {
  const v = verified.value
  if (!v) return null
  const faults = v.faults ?? []
  return (
    <div class={v.ok ? 'verdict good' : 'verdict bad'} role="status">
      <strong>{v.ok ? 'The trail is as it was written.' : `${plural(faults.length + v.more, 'fault')} in the trail.`}</strong>{' '}
      {plural(v.records, 'record')} ({count(v.first)} to {count(v.last)}), {plural(v.checkpoints, 'signed checkpoint')}, {count(v.unsigned)} behind the last.
      {faults.length > 0 && (
        <ul>
          {faults.map((f, i) => (
            <li key={i}>
              {f.record > 0 && `Record ${count(f.record)}: `}
              {f.what}{' '}
              <span class="muted">
                {f.file}
                {f.line > 0 && `:${f.line}`}
              </span>
            </li>
          ))}
          {v.more > 0 && <li>and {count(v.more)} more</li>}
        </ul>
      )}
    </div>
  )
}

function Trail() {
  if (!entries.value) return <div class="panel skeleton" aria-busy="true" />
  if (entries.value.length === 0) {
    return (
      <div class="panel">
        <Empty icon="audit" title="Nothing was recorded">
          <p>No record fits what is chosen above.</p>
        </Empty>
      </div>
    )
  }
  return (
    <div class="panel">
      <table class="dense">
        <thead>
          <tr>
            <th class="right">No.</th>
            <th>When</th>
            <th>What</th>
            <th>Who</th>
            <th>Tenant</th>
            <th>Of it</th>
            <th>
              <span class="unseen">Details</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.value.map((e) => (
            <Row key={e.seq} entry={e} />
          ))}
        </tbody>
      </table>
      {next.value && (
        <div class="pad">
          <Button onClick={() => void load(true)}>Older records</Button>
        </div>
      )}
    </div>
  )
}

const summary = (e: Entry): string => {
  if (e.reason) return e.reason
  const found = Object.entries(e.found ?? {})
  if (found.length > 0) return found.map(([k, n]) => `${nameOf(k)} ${n}`).join(', ')
  return e.code ?? e.route ?? ''
}

function Row({ entry: e }: { entry: Entry }) {
  const shown = open.value === e.seq
  const bad = (e.status ?? 0) >= 400
  return (
    <>
      <tr>
        <td class="right number">{e.seq}</td>
        <td class="nowrap number">{new Date(e.time).toLocaleString()}</td>
        <td class="nowrap">
          <span class={bad ? 'tag bad' : e.type === 'restore' ? 'tag warn' : 'tag'}>{e.type}</span>
        </td>
        <td>{e.operator ?? e.client ?? <span class="muted">–</span>}</td>
        <td>{e.tenant ?? <span class="muted">–</span>}</td>
        <td>{summary(e)}</td>
        <td class="right">
          <Button look="quiet" icon={shown ? 'close' : 'plus'} label={`Details of record ${e.seq}`} expanded={shown} onClick={() => (open.value = shown ? 0 : e.seq)} />
        </td>
      </tr>
      {shown && (
        <tr>
          <td colSpan={7}>
            <dl class="facts details">
              {Object.entries(e).map(([k, v]) => (
                <div key={k}>
                  <dt>{k}</dt>
                  <dd class="mono">{typeof v === 'object' ? (Array.isArray(v) ? v.join(' ') : Object.entries(v as object).map(([a, b]) => `${a}=${b}`).join(' ')) : String(v)}</dd>
                </div>
              ))}
            </dl>
          </td>
        </tr>
      )}
    </>
  )
}
