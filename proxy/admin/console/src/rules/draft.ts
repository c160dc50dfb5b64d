// The draft of rules: what corrections on Compare and edits on Rules gather until
// somebody saves them, with a reason.
import { signal } from '@preact/signals'

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

/** The document as it shall be; null while nothing is changed. */
export const draft = signal<Draft | null>(null)
