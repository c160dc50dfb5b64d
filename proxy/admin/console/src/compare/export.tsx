import { signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { has, may, say } from '../state'
import { Button, Dialog, Field, Problem } from '../ui'
import { saveBundle, saveCSV, saveJSON, saveMasked } from './files'
import { masked } from './state'

const bundling = signal(false)

export function ExportMenu() {
  const open = useSignal(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) open.value = false
    }
    const key = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || !open.value) return
      open.value = false
      box.current?.querySelector('button')?.focus()
    }
    addEventListener('pointerdown', outside)
    addEventListener('focusin', outside)
    addEventListener('keydown', key)
    return () => {
      removeEventListener('pointerdown', outside)
      removeEventListener('focusin', outside)
      removeEventListener('keydown', key)
    }
  }, [])
  const item = (text: string, hint: string, f: () => void) => (
    <button
      type="button"
      onClick={() => {
        open.value = false
        f()
      }}
    >
      {text}
      <span class="hint">{hint}</span>
    </button>
  )
  return (
    <div class="drop-box" ref={box}>
      <Button icon="export" expanded={open.value} disabled={!masked.value} onClick={() => (open.value = !open.value)}>
        Export
      </Button>
      {open.value && (
        <div class="drop-menu">
          {item('Masked text', '.txt', saveMasked)}
          {item('Findings', '.json, without the values', saveJSON)}
          {item('Findings as a table', '.csv, without the values', saveCSV)}
          {may('export') && has('POST /api/v1/vault/export') && item('Encrypted bundle', '.age, with the values', () => (bundling.value = true))}
        </div>
      )}
      {bundling.value && <Bundle />}
    </div>
  )
}

function Bundle() {
  const passphrase = useSignal('')
  const reason = useSignal('')
  const problem = useSignal('')
  const close = () => (bundling.value = false)
  const submit = async (e: Event) => {
    e.preventDefault()
    problem.value = await saveBundle(passphrase.value, reason.value)
    if (problem.value) return
    say('The bundle was saved.')
    close()
  }
  return (
    <Dialog title="Encrypted bundle" onClose={close}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">The values of this text with their tokens, in a file that age opens with the passphrase. The export goes into the audit trail.</p>
        <Field label="Passphrase">
          <input class="input" type="password" required minLength={12} autocomplete="new-password" value={passphrase.value} onInput={(e) => (passphrase.value = e.currentTarget.value)} />
        </Field>
        <Field label="Reason">
          <input class="input" required maxLength={300} value={reason.value} onInput={(e) => (reason.value = e.currentTarget.value)} />
        </Field>
        <Problem text={problem.value} />
        <footer>
          <Button onClick={close}>Cancel</Button>
          <Button look="main" type="submit">
            Export
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
