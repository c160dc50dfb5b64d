import { useState } from 'preact/hooks'
import { nameOf } from '../kinds'
import { kinds } from '../state'
import { Field } from '../ui'

const first = ['PERSON', 'ORGANIZATION', 'LOCATION', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'SECRET']

/** kindOptions lists the kinds that are found: the usual ones, then all by name. */
export function kindOptions(): { value: string; text: string }[] {
  const on = kinds.value.filter((k) => k.on).map((k) => k.kind)
  const usual = first.filter((k) => on.includes(k))
  const others = on.filter((k) => !usual.includes(k)).sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
  return [...usual, ...others].map((k) => ({ value: k, text: nameOf(k) }))
}

/** KindField chooses a kind that there is, or names one of the organisation's own. */
export function KindField({ value, onChange }: { value: string; onChange: (kind: string) => void }) {
  const options = kindOptions()
  const [own, setOwn] = useState(!options.some((o) => o.value === value))
  return (
    <Field label="Kind" hint={own ? 'Capitals and underscores, such as PROJECT. Tokens begin with its letters.' : undefined}>
      <span class="row">
        <select
          class="select"
          value={own ? '' : value}
          onChange={(e) => {
            const k = e.currentTarget.value
            setOwn(k === '')
            onChange(k || 'PROJECT')
          }}
        >
          {options.map((o) => (
            <option key={o.value} value={o.value}>
              {o.text}
            </option>
          ))}
          <option value="">A kind of one’s own…</option>
        </select>
        {own && (
          <input
            class="input mono"
            aria-label="Name of the kind"
            value={value}
            spellcheck={false}
            onInput={(e) => onChange(e.currentTarget.value.toUpperCase().replace(/[^A-Z0-9_]/g, '_'))}
          />
        )}
      </span>
    </Field>
  )
}
