// What the dashboard's figures tell other pages.
import { signal } from '@preact/signals'

/** How often rules hit, by name, where this maskit tells. */
export const ruleHits = signal<ReadonlyMap<string, number> | null>(null)

export const hitsOf = (rule: string): string => ruleHits.value?.get(rule)?.toLocaleString('en') ?? '–'
