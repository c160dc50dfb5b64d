// Try: one chat from three sides, as it streams.
import { signal } from '@preact/signals'
import { isAbort, messageOf, stream, type Masked } from './api'
import { masked as compared, text as comparedText } from './compare/state'
import { policies, upstreams } from './state'
import { Marked } from './text/marked'
import { Button, Empty, Field, onSend, Page, plural, Problem, Select } from './ui'

interface Message {
  role: string
  content: string
}

const prompt = signal('')
const system = signal('')
const upstream = signal('')
const model = signal('')
const policy = signal('')

const sent = signal<(Message & { spans: Masked['spans'] })[]>([])
const seen = signal<(Masked & { role: string })[]>([])
const wrote = signal('')
const given = signal('')
const done = signal<{ restored: number; unknown: number; ms: number } | null>(null)
const problem = signal('')
const running = signal<AbortController | null>(null)

/** chatOf reads a chat as the providers' APIs take it; null if the text is none. */
function chatOf(text: string): Message[] | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    const v = JSON.parse(text)
    const list: unknown = Array.isArray(v) ? v : v.messages
    if (!Array.isArray(list) || list.length === 0) return null
    const ok = list.every((m) => typeof m?.role === 'string' && typeof m?.content === 'string')
    return ok ? list.map(({ role, content }) => ({ role, content })) : null
  } catch {
    return null
  }
}

async function send(): Promise<void> {
  if (!prompt.value.trim() || running.value) return
  const stop = new AbortController()
  running.value = stop
  sent.value = []
  seen.value = []
  wrote.value = ''
  given.value = ''
  done.value = null
  problem.value = ''
  const messages = chatOf(prompt.value) ?? [...(system.value.trim() ? [{ role: 'system', content: system.value }] : []), { role: 'user', content: prompt.value }]
  try {
    const body = { messages, policy: policy.value || undefined, upstream: upstream.value || undefined, model: model.value || undefined, offsets: 'utf16' }
    for await (const { event, data } of stream('try', body, stop.signal)) take(event, data)
  } catch (e) {
    if (!isAbort(e)) problem.value = messageOf(e)
  }
  running.value = null
}

function take(event: string, data: unknown): void {
  switch (event) {
    case 'masked': {
      const all = (data as { messages: (Masked & { role: string })[] }).messages
      seen.value = all
      sent.value = sent.value.map((m, i) => ({ ...m, spans: all[i]?.spans ?? [] }))
      break
    }
    case 'sent':
      sent.value = (data as { messages: Message[] }).messages.map((m) => ({ ...m, spans: [] }))
      break
    case 'model':
      wrote.value += (data as { text: string }).text
      break
    case 'restored':
      given.value += (data as { text: string }).text
      break
    case 'done':
      done.value = data as typeof done.value
      break
    case 'error':
      problem.value = (data as { message: string }).message
  }
}

/** occurrences finds the tokens, or the values, that the server named. */
function occurrences(text: string, of: 'token' | 'value'): { start: number; end: number; kind: string }[] {
  const named = new Map<string, string>()
  seen.value.forEach((m, i) => {
    for (const s of m.spans) {
      const key = of === 'token' ? s.token : sent.value[i]!.content.slice(s.start, s.end)
      if (key) named.set(key, s.kind)
    }
  })
  const found: { start: number; end: number; kind: string }[] = []
  for (const [key, kind] of named) {
    for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + key.length)) found.push({ start: at, end: at + key.length, kind })
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}

export function Try() {
  const up = upstreams.value.find((u) => u.name === (upstream.value || upstreams.value[0]?.name))
  const chat = chatOf(prompt.value)
  return (
    <Page
      title="Try with a model"
      fixed
      controls={
        <>
          <Select label="Policy" value={policy.value} onChange={(v) => (policy.value = v)} options={policies.value.map((p) => ({ value: p.default ? '' : p.name, text: p.name }))} />
          <Select
            label="Model’s provider"
            value={up?.name ?? ''}
            onChange={(v) => (upstream.value = v)}
            options={upstreams.value.map((u) => ({ value: u.name, text: u.name === 'echo' ? 'echo, built in' : u.ready ? u.name : `${u.name} (no key)`, disabled: !u.ready }))}
          />
          {up && !up.model && <input class="input model" aria-label="Model" placeholder="model" value={model.value} onInput={(e) => (model.value = e.currentTarget.value)} />}
          {running.value ? (
            <Button icon="close" onClick={() => running.value?.abort()}>
              Stop
            </Button>
          ) : (
            <Button icon="send" look="main" keys="Ctrl+Enter" disabled={!prompt.value.trim()} onClick={() => void send()}>
              Send
            </Button>
          )}
        </>
      }
    >
      <form class="panel pad composer" onSubmit={(e) => (e.preventDefault(), void send())} onKeyDown={onSend(() => void send())}>
        <Field label="Message" hint={chat ? `A chat of ${plural(chat.length, 'message')}.` : undefined}>
          <textarea class="area" rows={4} spellcheck={false} placeholder="Write to the model, with values as your app would send them. Or paste a chat as JSON." value={prompt.value} onInput={(e) => (prompt.value = e.currentTarget.value)} />
        </Field>
        <div class="row">
          <input class="input grow" aria-label="System message" placeholder="System message (optional)" disabled={!!chat} value={system.value} onInput={(e) => (system.value = e.currentTarget.value)} />
          {compared.value && (
            <Button look="quiet" onClick={() => (prompt.value = comparedText.value)}>
              Take the text from Compare
            </Button>
          )}
        </div>
      </form>
      <Problem text={problem.value} />
      <div class="three">
        <Side title="Sent by the app" note="what your app sends">
          {sent.value.map((m, i) => (
            <Bubble key={i} role={m.role}>
              <Marked text={m.content} spans={m.spans} />
            </Bubble>
          ))}
        </Side>
        <Side title="Seen by the model" note="tokens, and what it answers">
          {seen.value.map((m, i) => (
            <Bubble key={i} role={m.role}>
              <Marked text={m.masked} spans={m.spans.filter((s) => s.token).map((s) => ({ start: s.masked_start, end: s.masked_end, kind: s.kind }))} />
            </Bubble>
          ))}
          {wrote.value && (
            <Bubble role="assistant" live={!!running.value}>
              <Marked text={wrote.value} spans={occurrences(wrote.value, 'token')} />
            </Bubble>
          )}
        </Side>
        <Side title="Given back to the app" note={done.value ? `${plural(done.value.restored, 'token')} restored in ${done.value.ms} ms${done.value.unknown ? `, ${done.value.unknown} unknown` : ''}` : 'the answer with the values'}>
          {given.value && (
            <Bubble role="assistant" live={!!running.value}>
              <Marked text={given.value} spans={occurrences(given.value, 'value')} />
            </Bubble>
          )}
        </Side>
      </div>
    </Page>
  )
}

function Side({ title, note, children }: { title: string; note: string; children: preact.ComponentChildren }) {
  const none = !running.value && sent.value.length === 0
  return (
    <section class="panel pane" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="size">{note}</span>
      </header>
      <div class="scroller chat" tabIndex={0} role="group" aria-label={title}>
        {none ? <Empty icon="try" title="Nothing sent yet" /> : children}
      </div>
    </section>
  )
}

function Bubble({ role, live, children }: { role: string; live?: boolean; children: preact.ComponentChildren }) {
  return (
    <div class={`bubble ${role === 'assistant' ? 'answer' : ''}`}>
      <span class="role">{role}</span>
      <div class={live ? 'text live' : 'text'}>{children}</div>
    </div>
  )
}
