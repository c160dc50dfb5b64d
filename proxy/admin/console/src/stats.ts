// The figures of the dashboard, which other pages use too.
import { computed, signal } from '@preact/signals'
import { api, messageOf } from './api'
import { has } from './state'

export interface Stats {
  from: string
  step_seconds: number
  requests: number[]
  blocked: number[]
  failed: number[]
  restored: number[]
  unknown: number[]
  masked: Record<string, number[]>
  added_ms_p50: number[]
  added_ms_p95: number[]
  tenants: { tenant: string; requests: number; masked: number }[]
  rules: { rule: string; hits: number }[]
  vault: { store: string; ok: boolean }
}

export const route = 'GET /api/v1/stats'

export const stats = signal<Stats | null>(null)
export const problem = signal('')

export async function loadStats(minutes: number): Promise<void> {
  try {
    stats.value = await api<Stats>('GET', `stats?minutes=${minutes}`)
    problem.value = ''
  } catch (e) {
    problem.value = messageOf(e)
  }
}

/** How often rules hit in the last 24 hours; null until it is known. */
const ruleHits = signal<ReadonlyMap<string, number> | null>(null)

export async function loadHits(): Promise<void> {
  if (!has(route)) return
  const day = await api<Stats>('GET', 'stats?minutes=1440')
  ruleHits.value = new Map(day.rules.map((r) => [r.rule, r.hits]))
}

export const hitsOf = (rule: string): string => (ruleHits.value ? (ruleHits.value.get(rule) ?? 0).toLocaleString('en') : '–')

export const sum = (series: number[]): number => series.reduce((a, b) => a + b, 0)

/** The kinds that were masked, the most frequent first. */
export const kindsMasked = computed(() =>
  Object.entries(stats.value?.masked ?? {})
    .map(([kind, series]) => ({ kind, series, total: sum(series) }))
    .filter((k) => k.total > 0)
    .sort((a, b) => b.total - a.total),
)
