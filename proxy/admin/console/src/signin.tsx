import { useState } from 'preact/hooks'
import { messageOf, Refused } from './api'
import { Mark } from './icons'
import { signIn } from './state'
import { Button, Field, Problem } from './ui'

/** SignIn is all that a signed-out page shows. */
export function SignIn() {
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (e: Event) => {
    e.preventDefault()
    if (!key.trim()) return setProblem('Paste an operator’s key first.')
    setBusy(true)
    try {
      await signIn(key.trim())
    } catch (e) {
      const unknown = e instanceof Refused && e.status === 401
      setProblem(unknown ? 'This key is not known here, or no longer.' : messageOf(e))
      setBusy(false)
    }
  }
  return (
    <main class="signin">
      <form onSubmit={submit}>
        <Mark />
        <h1>Sign in to maskit</h1>
        <p class="muted">
          With the key that <code>maskit keys new</code> made for you, or a token of your identity provider. If nobody is configured,
          open the address that <code>maskit serve</code> printed: it holds a key.
        </p>
        <Field label="Operator’s key">
          <input
            class="input mono"
            type="password"
            name="key"
            autocomplete="off"
            autofocus
            spellcheck={false}
            placeholder="mko_…"
            value={key}
            aria-invalid={problem !== ''}
            onInput={(e) => {
              setKey(e.currentTarget.value)
              setProblem('')
            }}
          />
        </Field>
        <Problem text={problem} />
        <Button type="submit" look="main" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p class="hint">The session ends after 8 hours, when you sign out, or when maskit restarts. Nothing is kept in this browser.</p>
      </form>
    </main>
  )
}
