// The draft of rules: what corrections on Compare and edits on Rules gather until
// somebody saves them, with a reason.
import { computed, signal } from '@preact/signals'
import { api, messageOf, Refused, type Span } from '../api'
import { has, may, refreshTables } from '../state'
import { applied, changesBetween, everywhere, type Entry } from './entries'

export interface Rule {
  name: string
  kind: string
  pattern?: string
  keywords?: string[]
  score?: number
  context?: string[]
  validator?: string
  allow?: string[]
}

export interface Values {
  kind: string
  values?: string[]
  patterns?: string[]
}

export interface Part {
  rules?: Rule[]
  dictionaries?: { kind: string; terms: string[] }[]
  allow?: string[]
  allow_patterns?: string[]
  allow_by_kind?: Values[]
  deny?: Values[]
  enable?: string[]
  disable?: string[]
}

export interface Draft extends Part {
  policies?: Record<string, Part>
  tenants?: Record<string, Part>
}

export interface BuiltIn {
  name: string
  kind: string
  score: number
  on: boolean
  hits: number
  misses: number
}

export interface Live {
  version: number
  in_force: number
  fault?: string
  document: Draft
  conflicts: string[]
  warnings: string[]
  builtin?: BuiltIn[]
  /** What the patterns of rules cost, by name: up to 10 is usual, 40 the most. */
  costs?: Record<string, number>
}

export interface Tested {
  results: { spans: Span[]; added: Span[]; removed: Span[] }[]
  conflicts: string[]
  warnings: string[]
}

/** Why the rules are not read: who is bound to tenants may not, since they concern all. */
export const barred = signal('')
/** The rules in force; null until they are read. */
export const live = signal<Live | null>(null)
/** The document as it shall be; null while nothing is changed. */
export const draft = signal<Draft | null>(null)

export const changes = computed(() => (live.value && draft.value ? changesBetween(live.value.document, draft.value) : []))

/** Called when other rules are in force. */
export const events = { saved: () => {} }

export const canDraft = (): boolean => may('edit') && has('PUT /api/v1/rules') && live.value !== null

/** The document as it would be now: the draft, or what is in force. */
export const current = (): Draft => draft.value ?? live.value?.document ?? {}

export async function loadRules(): Promise<void> {
  const was = live.value
  let is: Live
  try {
    is = await api<Live>('GET', 'rules?builtin=1')
  } catch (e) {
    barred.value = messageOf(e)
    if (e instanceof Refused && e.status === 403) return
    throw e
  }
  barred.value = ''
  if (was && draft.value && was.version !== is.version) draft.value = applied(is.document, changesBetween(was.document, draft.value))
  live.value = is
}

/** amend changes the draft, or begins one; a draft that changes nothing is none. */
export function amend(add: Entry[], remove: Entry[] = []): void {
  const next = applied(current(), [...remove.map((entry) => ({ added: false, entry })), ...add.map((entry) => ({ added: true, entry }))])
  draft.value = changesBetween(live.value!.document, next).length > 0 ? next : null
}

export const term = (kind: string, text: string): Entry => ({ scope: everywhere, section: 'dictionaries', kind, text, pattern: false })
export const allowed = (kind: string, text: string): Entry => ({ scope: everywhere, section: 'allow_by_kind', kind, text, pattern: false })
export const ruleEntry = (rule: Rule, scope = everywhere): Entry => ({ scope, section: 'rules', kind: rule.kind, text: rule.name, pattern: false, rule })

/** test says what a document would find in texts, and what it finds that is not found now. */
export const test = (document: Draft, texts: string[], policy = '', signal?: AbortSignal): Promise<Tested> =>
  api<Tested>('POST', 'rules/test', { body: { document, texts, policy: policy || undefined, offsets: 'utf16' }, ...(signal && { signal }) })

const patience = 20 // times
const pause = 150 // milliseconds

/** inForce waits until this maskit works with the newest version, or says why it does not. */
async function inForce(): Promise<void> {
  await loadRules()
  for (let i = 0; i < patience && live.value!.in_force < live.value!.version && !live.value!.fault; i++) {
    await new Promise((go) => setTimeout(go, pause))
    await loadRules()
  }
  await refreshTables()
  events.saved()
}

/** save puts the draft in force. If somebody else was faster, the draft is put upon their version, and has to be looked at again. */
export async function save(reason: string): Promise<void> {
  try {
    await api('PUT', 'rules', { body: { document: draft.value!, reason }, headers: { 'If-Match': String(live.value!.version) } })
  } catch (e) {
    if (e instanceof Refused && e.status === 412) {
      await loadRules()
      throw new Refused(412, e.code, 'Somebody else saved a version meanwhile. Your changes now stand upon theirs: look at them again, then save.')
    }
    throw e
  }
  draft.value = null
  await inForce()
}

export async function rollBack(version: number, reason: string): Promise<void> {
  await api('POST', 'rules/rollback', { body: { version, reason } })
  await inForce()
}
