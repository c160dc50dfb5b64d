// How kinds look: a colour each, and a name that people read.
import { computed } from '@preact/signals'
import { kinds } from './state'

/** How many colours there are besides that of secrets; base.css has them as --k0 to --k10. */
const colours = 10

const chosen: Record<string, number> = {
  EMAIL_ADDRESS: 7, PHONE_NUMBER: 5, CREDIT_CARD: 2, IBAN_CODE: 4, US_SSN: 8, IP_ADDRESS: 6, LOCAL_IP_ADDRESS: 6,
  PERSON: 9, LOCATION: 3, STREET_ADDRESS: 3, ORGANIZATION: 1, DATE_OF_BIRTH: 10, USERNAME: 8, CRYPTO: 1, CLOUD_RESOURCE: 10,
}

const secrets = computed(() => new Set(kinds.value.filter((k) => k.secret).map((k) => k.kind)))

/** colourOf returns 0 for secrets, and the same colour from 1 to 10 for the same kind, always. */
export function colourOf(kind: string): number {
  if (secrets.value.has(kind)) return 0
  const fixed = chosen[kind]
  if (fixed !== undefined) return fixed
  let sum = 0
  for (const c of kind) sum = (sum * 31 + c.charCodeAt(0)) >>> 0
  return 1 + (sum % colours)
}

const small = new Set(['of', 'and'])
const acronyms = new Set(['IBAN', 'BIC', 'IP', 'JWT', 'API', 'VIN', 'URL', 'MAC', 'SSN', 'ITIN', 'NIF', 'NIE', 'NIN', 'NHS', 'NPI', 'DEA', 'ID', 'VAT', 'CPF', 'CNPJ', 'RRN', 'PAN', 'TFN', 'ABN', 'ACN'])

/** nameOf makes "E-mail address" of EMAIL_ADDRESS. */
export function nameOf(kind: string): string {
  if (kind === 'EMAIL_ADDRESS') return 'E-mail address'
  const words = kind.split('_').map((w) => {
    if (acronyms.has(w) || (w.length === 2 && !small.has(w.toLowerCase()))) return w
    return w.toLowerCase()
  })
  const text = words.join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
