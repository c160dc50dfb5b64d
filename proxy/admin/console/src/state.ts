// What the whole console knows: who is signed in, which page is shown, and the
// tables that every page reads. Nothing of it is kept in the browser's storage.
import { computed, signal } from '@preact/signals'
import { api, ask, credentials, events, Refused, type Kind, type Policy, type Session, type Upstream } from './api'

export const session = signal<Session | null>(null)
/** True until it is known whether the browser is signed in. */
export const arriving = signal(true)

export const kinds = signal<Kind[]>([])
export const policies = signal<Policy[]>([])
export const upstreams = signal<Upstream[]>([])
/** The routes that this maskit has, as "GET /api/v1/rules". */
export const routes = signal<ReadonlySet<string>>(new Set())

export const may = (permission: string): boolean => session.value?.permissions.includes(permission) ?? false
export const has = (route: string): boolean => routes.value.has(route)

export type Theme = 'auto' | 'light' | 'dark'
export const theme = signal<Theme>('auto')
theme.subscribe((t) => {
  document.documentElement.dataset['theme'] = t
})
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const systemDark = signal(prefersDark.matches)
prefersDark.addEventListener('change', (e) => (systemDark.value = e.matches))
export const isDark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && systemDark.value))

/** Whether single keys such as "?" do something: some people's software types them. */
export const singleKeys = signal(true)

export interface Toast {
  id: number
  text: string
  bad: boolean
}
export const toasts = signal<Toast[]>([])
let toastID = 0

/** say shows a sentence for a while, in a region that screen readers read. */
export function say(text: string, bad = false): void {
  const id = ++toastID
  toasts.value = [...toasts.value.slice(-2), { id, text, bad }]
  setTimeout(() => (toasts.value = toasts.value.filter((t) => t.id !== id)), bad ? 9000 : 4000)
}

// Where we are: the part of the address behind "#/".
const here = () => location.hash.replace(/^#\/?/, '').split('?')[0]!
export const place = signal(here())
addEventListener('hashchange', () => (place.value = here()))
export const go = (page: string): void => {
  location.hash = '/' + page
}

/** keyInAddress takes the key out of an address as serve prints it, and out of the history. */
function keyInAddress(): string {
  const key = /^#key=([\w.-]+)$/.exec(location.hash)?.[1] ?? ''
  if (key) {
    history.replaceState(null, '', location.pathname)
    place.value = ''
  }
  return key
}

/** arrive finds out whether the browser is signed in, and signs in with a key in the address. */
export async function arrive(): Promise<void> {
  const key = keyInAddress()
  try {
    if (key) await signIn(key)
    else await welcome(await api<Session>('GET', 'session'))
  } catch (e) {
    if (!(e instanceof Refused && e.status === 401)) say(e instanceof Error ? e.message : 'Something went wrong.', true)
  }
  arriving.value = false
}

/** signIn opens a session. A browser that refuses the cookie, as some do without TLS, sends the key instead. */
export async function signIn(key: string): Promise<void> {
  const s = await api<Session>('POST', 'session', { body: { key } })
  credentials.csrf = s.csrf
  try {
    await api<Session>('GET', 'session')
  } catch (e) {
    if (!(e instanceof Refused && e.status === 401)) throw e
    credentials.key = key
  }
  await welcome(s)
}

async function welcome(s: Session): Promise<void> {
  credentials.csrf = s.csrf
  const [doc, kindList, policyList] = await Promise.all([
    ask('GET', 'openapi.json').then((r) => r.json() as Promise<{ paths: Record<string, object> }>),
    api<{ items: Kind[] }>('GET', 'kinds'),
    api<{ items: Policy[] }>('GET', 'policies'),
  ])
  routes.value = new Set(
    Object.entries(doc.paths).flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${path}`)),
  )
  if (has('GET /api/v1/upstreams')) upstreams.value = (await api<{ items: Upstream[] }>('GET', 'upstreams')).items
  kinds.value = kindList.items
  policies.value = policyList.items
  session.value = s
}

/** refreshTables reads the tables again after a change of rules. */
export async function refreshTables(): Promise<void> {
  const [k, p] = await Promise.all([api<{ items: Kind[] }>('GET', 'kinds'), api<{ items: Policy[] }>('GET', 'policies')])
  kinds.value = k.items
  policies.value = p.items
}

/** leave forgets everything: a page that is loaded anew holds no text. */
function leave(): void {
  history.replaceState(null, '', location.pathname)
  location.reload()
}
events.signedOut = leave

export async function signOut(): Promise<void> {
  try {
    await ask('DELETE', 'api/v1/session')
  } finally {
    leave()
  }
}
