// Restore: the originals of a text with tokens, for a minute, for a reason.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, messageOf, type Restored } from './api'
import { nameOf } from './kinds'
import { session } from './state'
import { Marked } from './text/marked'
import { Button, copy, Empty, Field, onSend, Page, plural, Problem } from './ui'

const shownFor = 60 // seconds

const text = signal('')
const passcode = signal('')
const reason = signal('')
const tenant = signal('')
const conversation = signal('')
const result = signal<Restored | null>(null)
const left = signal(0)
const hid = signal(false)
const problem = signal('')
const busy = signal(false)

function hide(): void {
  result.value = null
  left.value = 0
}

async function restore(): Promise<void> {
  if (!text.value.trim() || busy.value) return
  if (!reason.value.trim()) {
    problem.value = 'Say why: the reason goes into the audit trail.'
    return
  }
  busy.value = true
  problem.value = ''
  hid.value = false
  try {
    const body = {
      text: text.value, reason: reason.value, passcode: passcode.value || undefined,
      tenant: tenant.value || undefined, session: conversation.value || undefined, offsets: 'utf16',
    }
    result.value = await api<Restored>('POST', 'restore', { body })
    left.value = shownFor
  } catch (e) {
    hide()
    problem.value = messageOf(e)
  }
  passcode.value = ''
  busy.value = false
}

export function Restore() {
  const r = result.value
  useEffect(() => {
    if (!r) return
    const until = Date.now() + shownFor * 1000
    const timer = setInterval(() => {
      left.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      if (left.value > 0) return
      hide()
      hid.value = true
    }, 250)
    return () => clearInterval(timer)
  }, [r])
  useEffect(() => hide, []) // Who leaves the page leaves no values on it.

  const tenants = session.value!.tenants
  return (
    <Page title="Restore" fixed>
      <div class="halves">
        <form class="panel pad stack ask" onSubmit={(e) => (e.preventDefault(), void restore())} onKeyDown={onSend(() => void restore())}>
          <Field label="Text with tokens">
            <textarea class="area" rows={9} spellcheck={false} placeholder="Write to EMAIL5DCPH6QF and call PHONE79JG79ND." value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
          </Field>
          <Field label="Reason" hint="Every restoration goes into the audit trail, with your name and this reason.">
            <input class="input" maxLength={300} placeholder="Ticket 4711: the customer asked what we hold" value={reason.value} onInput={(e) => (reason.value = e.currentTarget.value)} />
          </Field>
          <div class="pair">
            <Field label="Passcode" hint="Where values are sealed under one.">
              <input class="input" type="password" autocomplete="off" value={passcode.value} onInput={(e) => (passcode.value = e.currentTarget.value)} />
            </Field>
            <Field label="Conversation" hint="Empty: tokens of any.">
              <input class="input" value={conversation.value} onInput={(e) => (conversation.value = e.currentTarget.value)} />
            </Field>
          </div>
          {tenants.length !== 1 && (
            <Field label="Tenant" hint={tenants.length ? tenants.join(', ') : 'Empty: the default one.'}>
              <input class="input" value={tenant.value} onInput={(e) => (tenant.value = e.currentTarget.value)} />
            </Field>
          )}
          <Problem text={problem.value} />
          <div class="row">
            <Button look="main" icon="restore" type="submit" keys="Ctrl+Enter" disabled={busy.value || !text.value.trim()}>
              Restore
            </Button>
          </div>
        </form>
        <section class="panel pane" aria-label="Originals">
          <header>
            <h2>Originals</h2>
            <span class="size">{r && `${plural(r.restored, 'value')}${r.unknown ? `, ${plural(r.unknown, 'unknown token')}` : ''}`}</span>
            <span class="grow" />
            {r && (
              <>
                <span class="status number" role="timer" aria-label={`Hidden in ${left.value} seconds`}>
                  hidden in {left.value} s
                </span>
                <Button icon="copy" label="Copy the originals" look="quiet" onClick={() => void copy(r.text, 'The originals were')} />
                <Button onClick={hide}>Hide now</Button>
              </>
            )}
          </header>
          <div class="scroller" tabIndex={0} role="group" aria-label="Originals">
            {r ? (
              <div class="text pad">
                <Marked text={r.text} spans={r.spans.map((s) => ({ ...s, title: `${nameOf(s.kind || 'value')}: ${s.token}` }))} />
              </div>
            ) : (
              <Empty icon="lock" title={hid.value ? 'Hidden again' : 'Nothing is shown'}>
                <p>{hid.value ? 'Values are shown for a minute. Restore again to see them.' : 'Values stand here for a minute once you restore a text.'}</p>
              </Empty>
            )}
          </div>
        </section>
      </div>
    </Page>
  )
}
