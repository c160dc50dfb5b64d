// Files that come in, and those that go out.
import { api, ask, messageOf } from '../api'
import { say } from '../state'
import { save } from '../ui'
import { masked, policy, replace, spans, text } from './state'

const largest = 8 << 20 // bytes; the API takes 16 MiB, and texts grow when they are masked

/** openFile reads a file of text; what is none is refused. */
export async function openFile(file: File): Promise<void> {
  if (file.size > largest) return say('The file is larger than 8 MB; use maskit mask on the command line for such.', true)
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    replace(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n'))
  } catch {
    say('The file is no text in UTF-8.', true)
  }
}

export const saveMasked = (): void => save('masked.txt', 'text/plain;charset=utf-8', masked.value)

/** The findings without the values that they found: such a list may be passed on. */
export function saveJSON(): void {
  const found = spans.value.map(({ start, end, masked_start, masked_end, kind, rule, score, token, action }) => ({
    start, end, masked_start, masked_end, kind, rule, score, token, action,
  }))
  save('findings.json', 'application/json', JSON.stringify({ offsets: 'utf16', policy: policy.value || 'default', findings: found }, null, 2) + '\n')
}

const columns = ['start', 'end', 'masked_start', 'masked_end', 'kind', 'rule', 'score', 'token', 'action'] as const

/** cell quotes for CSV, and keeps spreadsheets from taking a text for a formula. */
function cell(v: string | number): string {
  if (typeof v === 'number') return String(v)
  const safe = /^[=+\-@\t\r]/.test(v) ? "'" + v : v
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function saveCSV(): void {
  const rows = spans.value.map((s) => columns.map((c) => cell(s[c])).join(','))
  save('findings.csv', 'text/csv;charset=utf-8', [columns.join(','), ...rows, ''].join('\r\n'))
}

/** saveBundle lets the vault export what this text was masked with, sealed under a passphrase. */
export async function saveBundle(passphrase: string, reason: string): Promise<string> {
  try {
    const session = 'console-' + crypto.randomUUID()
    await api('POST', 'mask', { body: { text: text.value, policy: policy.value || undefined, session } })
    const answer = await ask('POST', 'api/v1/vault/export', { body: { session, passphrase, reason } })
    save('maskit-bundle.age', 'application/octet-stream', await answer.arrayBuffer())
    return ''
  } catch (e) {
    return messageOf(e)
  }
}
