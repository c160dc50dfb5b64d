// A document of rules as a list of entries, each of which can be shown, compared,
// added and taken out by itself.
import type { Draft, Part, Rule, Values } from './draft'

export type Section = 'rules' | 'dictionaries' | 'deny' | 'allow' | 'allow_patterns' | 'allow_by_kind' | 'enable' | 'disable'

/** Where an entry holds: everywhere, in one policy, or for one tenant. */
export interface Scope {
  of: 'all' | 'policy' | 'tenant'
  name: string
}

export interface Entry {
  scope: Scope
  section: Section
  /** '' where values of any kind are meant. */
  kind: string
  /** The name of a rule, a term, a value, a pattern; '' for a kind that is switched. */
  text: string
  pattern: boolean
  rule?: Rule
}

export const everywhere: Scope = { of: 'all', name: '' }

/** keyOf is the same for entries that are the same. */
export const keyOf = (e: Entry): string => JSON.stringify([e.scope.of, e.scope.name, e.section, e.kind, e.text, e.pattern, e.rule ?? null])

/** entriesOf lists what a document says. */
export function entriesOf(d: Draft): Entry[] {
  return [
    ...ofPart(d, everywhere),
    ...Object.entries(d.policies ?? {}).flatMap(([name, p]) => ofPart(p, { of: 'policy', name })),
    ...Object.entries(d.tenants ?? {}).flatMap(([name, p]) => ofPart(p, { of: 'tenant', name })),
  ]
}

function ofPart(p: Part, scope: Scope): Entry[] {
  const entry = (section: Section, kind: string, text: string, pattern = false): Entry => ({ scope, section, kind, text, pattern })
  const values = (section: Section, lists: Values[] = []) =>
    lists.flatMap((v) => [
      ...(v.values ?? []).map((text) => entry(section, v.kind, text)),
      ...(v.patterns ?? []).map((text) => entry(section, v.kind, text, true)),
    ])
  return [
    ...(p.rules ?? []).map((rule) => ({ ...entry('rules', rule.kind, rule.name), rule })),
    ...(p.dictionaries ?? []).flatMap((d) => d.terms.map((t) => entry('dictionaries', d.kind, t))),
    ...values('deny', p.deny),
    ...(p.allow ?? []).map((t) => entry('allow', '', t)),
    ...(p.allow_patterns ?? []).map((t) => entry('allow_patterns', '', t, true)),
    ...values('allow_by_kind', p.allow_by_kind),
    ...(p.enable ?? []).map((k) => entry('enable', k, '')),
    ...(p.disable ?? []).map((k) => entry('disable', k, '')),
  ]
}

/** documentOf is the document that says what the entries say. */
export function documentOf(entries: Entry[]): Draft {
  const d: Draft = {}
  for (const e of entries) put(partOf(d, e.scope), e)
  return d
}

function partOf(d: Draft, scope: Scope): Part {
  if (scope.of === 'all') return d
  const parts = scope.of === 'policy' ? (d.policies ??= {}) : (d.tenants ??= {})
  return (parts[scope.name] ??= {})
}

function put(p: Part, e: Entry): void {
  switch (e.section) {
    case 'rules':
      ;(p.rules ??= []).push(e.rule!)
      break
    case 'dictionaries':
      listOf((p.dictionaries ??= []), e.kind, (kind) => ({ kind, terms: [] })).terms.push(e.text)
      break
    case 'deny':
    case 'allow_by_kind': {
      const v: Values = listOf((p[e.section] ??= []), e.kind, (kind): Values => ({ kind }))
      ;(e.pattern ? (v.patterns ??= []) : (v.values ??= [])).push(e.text)
      break
    }
    case 'allow':
    case 'allow_patterns':
      ;(p[e.section] ??= []).push(e.text)
      break
    case 'enable':
    case 'disable':
      ;(p[e.section] ??= []).push(e.kind)
  }
}

function listOf<T extends { kind: string }>(lists: T[], kind: string, make: (kind: string) => T): T {
  let found = lists.find((l) => l.kind === kind)
  if (!found) lists.push((found = make(kind)))
  return found
}

export interface Change {
  added: boolean
  entry: Entry
}

/** changesBetween lists what is taken out and what is added, in the order of the sections. */
export function changesBetween(was: Draft, is: Draft): Change[] {
  const before = entriesOf(was)
  const after = entriesOf(is)
  const old = new Set(before.map(keyOf))
  const now = new Set(after.map(keyOf))
  return [
    ...before.filter((e) => !now.has(keyOf(e))).map((entry) => ({ added: false, entry })),
    ...after.filter((e) => !old.has(keyOf(e))).map((entry) => ({ added: true, entry })),
  ]
}

/** applied makes changes to a document, also if it is another than that for which they were made. */
export function applied(d: Draft, changes: Change[]): Draft {
  let entries = entriesOf(d)
  for (const { added, entry } of changes) {
    const key = keyOf(entry)
    entries = entries.filter((e) => keyOf(e) !== key)
    if (added) entries.push(entry)
  }
  return documentOf(entries)
}

export const sectionNames: Record<Section, string> = {
  rules: 'Rule', dictionaries: 'Term', deny: 'Always masked', allow: 'Allowed', allow_patterns: 'Allowed',
  allow_by_kind: 'Allowed', enable: 'Kind on', disable: 'Kind off',
}
