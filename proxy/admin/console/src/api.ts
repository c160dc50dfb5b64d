// The operators' API: one function that asks, and the shapes of what it answers.
// Offsets are always UTF-16, as JavaScript counts.

export interface Session {
  name: string
  roles: string[]
  permissions: string[]
  tenants: string[]
  csrf: string
  version: string
}

export interface Kind {
  kind: string
  label: string
  doc: string
  default: boolean
  secret: boolean
  own: boolean
  on: boolean
}

export interface Policy {
  name: string
  doc: string
  origin: 'pack' | 'config'
  default: boolean
  kinds: string[]
  actions: Record<string, string> | null
  thresholds: Record<string, number> | null
  min_score: number
  mode: string
}

export interface Span {
  start: number
  end: number
  kind: string
  score: number
  rule: string
}

export interface MaskedSpan extends Span {
  masked_start: number
  masked_end: number
  token: string
  action: string
}

export interface Masked {
  masked: string
  spans: MaskedSpan[]
  counts: Record<string, number>
}

export interface Restored {
  text: string
  spans: { start: number; end: number; token_start: number; token_end: number; kind: string; token: string }[]
  restored: number
  unknown: number
}

export interface Upstream {
  name: string
  ready: boolean
  model: string
}

/** Refused is an answer that is none: what the API said, or that it said nothing (status 0). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field = '',
    readonly reasons: string[] = [],
  ) {
    super(message)
  }
}

/** What proves who asks. The key is kept in memory, and only if the browser refuses the cookie. */
export const credentials = { csrf: '', key: '' }

/** Called when the session has ended. */
export const events = { signedOut: () => {} }

interface Options {
  body?: unknown
  signal?: AbortSignal
  headers?: Record<string, string>
}

/** ask sends a request and returns the answer as it came; it throws Refused, or AbortError. */
export async function ask(method: string, path: string, { body, signal, headers = {} }: Options = {}): Promise<Response> {
  const head: Record<string, string> = { ...headers }
  if (body !== undefined) head['Content-Type'] = 'application/json'
  if (credentials.csrf) head['X-CSRF-Token'] = credentials.csrf
  if (credentials.key) head['Authorization'] = 'Bearer ' + credentials.key
  let answer: Response
  try {
    answer = await fetch('../' + path, {
      method,
      headers: head,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Refused(0, 'unreachable', 'maskit does not answer. Is it still running?')
  }
  if (answer.ok) return answer
  const refused = await refusal(answer)
  if (answer.status === 401 && path !== 'api/v1/session') events.signedOut()
  throw refused
}

async function refusal(answer: Response): Promise<Refused> {
  try {
    const { error } = await answer.json()
    return new Refused(answer.status, error.code, sentence(error.field, error.message), error.field, error.reasons)
  } catch {
    return new Refused(answer.status, 'unknown', `maskit answered with status ${answer.status}.`)
  }
}

function sentence(field: string | undefined, message: string): string {
  const text = field ? `${field}: ${message}` : message
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')
}

/** api asks and reads the answer as JSON. */
export async function api<T>(method: string, path: string, options?: Options): Promise<T> {
  return (await ask(method, 'api/v1/' + path, options)).json() as Promise<T>
}

/** isAbort says whether an error only means that nobody waits any more. */
export const isAbort = (e: unknown): boolean => e instanceof DOMException && e.name === 'AbortError'

/** messageOf is what a person is told of an error. */
export const messageOf = (e: unknown): string => (e instanceof Error ? e.message : 'Something went wrong.')

export interface ServerEvent {
  event: string
  data: unknown
}

/** stream asks and yields the server's events as they come. */
export async function* stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const answer = await ask('POST', 'api/v1/' + path, { body, signal })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const pieces = (rest + value).split('\n\n')
    rest = pieces.pop()!
    for (const piece of pieces) {
      const event = /^event: ?(.*)$/m.exec(piece)?.[1]
      const data = /^data: ?(.*)$/m.exec(piece)?.[1]
      if (event && data) yield { event, data: JSON.parse(data) }
    }
  }
}
