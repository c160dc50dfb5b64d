import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { signal } from '@preact/signals'
import { Audit } from './audit'
import { Dashboard } from './dashboard'
import { Compare } from './compare/page'
import { Help } from './help'
import { Icon, Mark, type IconName } from './icons'
import { Restore } from './restore'
import { loadRules } from './rules/draft'
import { Rules } from './rules/page'
import { SignIn } from './signin'
import { messageOf } from './api'
import { arriving, go, has, may, place, say, session, signOut, singleKeys, theme, type Theme } from './state'
import { Try } from './try'
import { Button, Toasts } from './ui'

interface PageRow {
  path: string
  name: string
  icon: IconName
  page: FunctionComponent
  /** What must be there and permitted for the page to be shown. */
  route: string
  permission: string
}

/** The pages, in the order of the menu; the first is where one arrives. */
export const pages: PageRow[] = [
  { path: 'compare', name: 'Compare', icon: 'compare', page: Compare, route: 'POST /api/v1/mask', permission: 'view' },
  { path: 'try', name: 'Try', icon: 'try', page: Try, route: 'POST /api/v1/try', permission: 'view' },
  { path: 'restore', name: 'Restore', icon: 'restore', page: Restore, route: 'POST /api/v1/restore', permission: 'restore' },
  { path: 'rules', name: 'Rules', icon: 'rules', page: Rules, route: 'GET /api/v1/policies', permission: 'view' },
  { path: 'dashboard', name: 'Dashboard', icon: 'dashboard', page: Dashboard, route: 'GET /api/v1/stats', permission: 'view' },
  { path: 'audit', name: 'Audit', icon: 'audit', page: Audit, route: 'GET /api/v1/audit', permission: 'view' },
]

export const shown = (): PageRow[] => pages.filter((p) => has(p.route) && may(p.permission))

export const helping = signal(false)

const typing = (e: KeyboardEvent): boolean =>
  e.target instanceof HTMLElement && (e.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName))

function shortcut(e: KeyboardEvent): void {
  if (!session.value || document.querySelector('dialog[open]')) return
  if (e.altKey && !e.ctrlKey && !e.metaKey && /^Digit[1-9]$/.test(e.code)) {
    const row = shown()[Number(e.code.slice(5)) - 1]
    if (!row) return
    e.preventDefault()
    go(row.path)
    requestAnimationFrame(() => document.getElementById('main')?.focus())
  } else if (e.key === 'F1' || (e.key === '?' && singleKeys.value && !typing(e))) {
    e.preventDefault()
    helping.value = true
  }
}

export function Shell() {
  useEffect(() => {
    addEventListener('keydown', shortcut)
    return () => removeEventListener('keydown', shortcut)
  }, [])
  const signedIn = session.value !== null
  useEffect(() => {
    if (signedIn && has('GET /api/v1/rules')) loadRules().catch((e) => say(messageOf(e), true))
  }, [signedIn])
  if (arriving.value) return null // It is known within moments; a spinner would only flicker.
  if (!session.value) {
    return (
      <>
        <SignIn />
        <Toasts />
      </>
    )
  }
  const rows = shown()
  const row = rows.find((p) => p.path === place.value) ?? rows[0]
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
        Skip to the page
      </a>
      <Menu rows={rows} at={row?.path} />
      {row ? <row.page key={row.path} /> : <main class="page">Your roles permit nothing here.</main>}
      {helping.value && <Help onClose={() => (helping.value = false)} />}
      <Toasts />
    </div>
  )
}

function Menu({ rows, at }: { rows: PageRow[]; at: string | undefined }) {
  const s = session.value!
  return (
    <header class="menu">
      <div class="brand">
        <Mark />
        <span>maskit</span>
      </div>
      <nav aria-label="Pages">
        {rows.map((p, i) => (
          <a key={p.path} href={`#/${p.path}`} aria-current={p.path === at ? 'page' : undefined} title={`${p.name} (Alt+${i + 1})`}>
            <Icon name={p.icon} />
            <span>{p.name}</span>
          </a>
        ))}
      </nav>
      <div class="who">
        <div class="name" title={s.roles.join(', ')}>
          <strong>{s.name}</strong>
          <span class="muted">{s.roles.join(', ')}</span>
        </div>
        <div class="row">
          <ThemeButton />
          <Button icon="help" label="Keyboard shortcuts" keys="?" look="quiet" onClick={() => (helping.value = true)} />
          <Button icon="out" label="Sign out" look="quiet" onClick={() => void signOut()} />
        </div>
        <span class="version">{s.version}</span>
      </div>
    </header>
  )
}

const nextTheme: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' }
const themeIcon: Record<Theme, IconName> = { auto: 'auto', light: 'sun', dark: 'moon' }
const themeName: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' }

function ThemeButton() {
  const t = theme.value
  return <Button icon={themeIcon[t]} label={`Colours: ${themeName[t]}`} look="quiet" onClick={() => (theme.value = nextTheme[t])} />
}
