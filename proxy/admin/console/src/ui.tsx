// The parts that pages are made of.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icons'
import { colourOf, nameOf } from './kinds'
import { say, toasts } from './state'

interface ButtonProps {
  children?: ComponentChildren
  icon?: IconName
  label?: string
  look?: 'plain' | 'main' | 'quiet' | 'bad'
  keys?: string
  disabled?: boolean
  type?: 'button' | 'submit'
  pressed?: boolean
  expanded?: boolean
  onClick?: (e: MouseEvent) => void
}

/** Button is one; with only an icon it wants a label. */
export function Button({ children, icon, label, look = 'plain', keys, disabled, type = 'button', pressed, expanded, onClick }: ButtonProps) {
  const title = label && keys ? `${label} (${keys})` : (keys ?? (children ? undefined : label))
  return (
    <button
      type={type}
      class={`button ${look}${children ? '' : ' bare'}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      title={title}
      disabled={disabled}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

interface FieldProps {
  label: string
  hint?: ComponentChildren
  children: ComponentChildren
}

/** Field is a control with its label, and a hint below it. */
export function Field({ label, hint, children }: FieldProps) {
  return (
    <div class="field">
      <label>
        <span class="label">{label}</span>
        {children}
      </label>
      {hint && <span class="hint">{hint}</span>}
    </div>
  )
}

interface SelectProps {
  label: string
  value: string
  options: { value: string; text: string; disabled?: boolean }[]
  onChange: (value: string) => void
}

export function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <select class="select" aria-label={label} value={value} onChange={(e) => onChange(e.currentTarget.value)}>
      {options.map((o) => (
        <option key={o.value} value={o.value} disabled={o.disabled}>
          {o.text}
        </option>
      ))}
    </select>
  )
}

/** KindChip shows a kind in its colour. */
export function KindChip({ kind, plain }: { kind: string; plain?: boolean }) {
  return (
    <span class={`chip k${colourOf(kind)}`} title={plain ? undefined : kind}>
      {nameOf(kind)}
    </span>
  )
}

export function Dot({ kind }: { kind: string }) {
  return <span class={`dot k${colourOf(kind)}`} aria-hidden="true" />
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Problem is what went wrong, in words; nothing where nothing did. */
export function Problem({ text, children }: { text: string; children?: ComponentChildren }) {
  if (!text) return null
  return (
    <div class="problem" role="alert">
      <Icon name="warn" />
      <div>
        {text}
        {children}
      </div>
    </div>
  )
}

interface DialogProps {
  title: string
  wide?: boolean
  onClose: () => void
  children: ComponentChildren
}

/** Dialog is modal: the browser keeps the focus inside, and Escape closes it. */
export function Dialog({ title, wide, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    ref.current?.showModal()
    return () => before instanceof HTMLElement && before.focus()
  }, [])
  return (
    <dialog ref={ref} class={wide ? 'dialog wide' : 'dialog'} aria-labelledby="dialog-title" onClose={onClose} onCancel={onClose}>
      <header>
        <h2 id="dialog-title">{title}</h2>
        <Button icon="close" label="Close" look="quiet" onClick={onClose} />
      </header>
      {children}
    </dialog>
  )
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((t) => (
        <div key={t.id} class={t.bad ? 'toast bad' : 'toast'}>
          <Icon name={t.bad ? 'warn' : 'check'} />
          {t.text}
        </div>
      ))}
    </div>
  )
}

/** Page is the frame of a page: its name, its controls, and what it shows. */
export function Page({ title, controls, children, fixed }: { title: string; controls?: ComponentChildren; children: ComponentChildren; fixed?: boolean }) {
  useEffect(() => {
    document.title = `${title} · maskit`
  }, [title])
  return (
    <main class={fixed ? 'page fixed' : 'page'} id="main" tabIndex={-1}>
      <header class="head">
        <h1>{title}</h1>
        <div class="controls">{controls}</div>
      </header>
      {children}
    </main>
  )
}

/** onEnter lets Enter with Control or Command do what the main button does. */
export const onSend =
  (f: () => void) =>
  (e: KeyboardEvent): void => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      f()
    }
  }

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`${what} copied.`)
  } catch {
    say('The browser did not let the clipboard be written.', true)
  }
}

/** save offers a file that was made here. */
export function save(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

export const count = (n: number): string => n.toLocaleString('en')
export const plural = (n: number, one: string, many = one + 's'): string => `${count(n)} ${n === 1 ? one : many}`
