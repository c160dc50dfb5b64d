// The two sides of Compare. Preact draws their frame once; the texts and the
// findings in them are drawn by TextViews, which effects feed.
import { effect, signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { colourOf } from '../kinds'
import { across, endOn, startOn, type Side } from '../text/spans'
import { keepTogether } from '../text/sync'
import { TextView, type Painted } from '../text/view'
import { Button, copy, count, plural } from '../ui'
import { asked, type Asked } from './popup'
import { current, edit, failed, hidden, hovered, look, masked, spans, text } from './state'
import { openFile } from './files'

/** The two views, while the page is shown: what popups and shortcuts measure with. */
export const views = signal<Record<Side, TextView> | null>(null)

/** The part of the original that is selected; null if none is. */
export const selection = signal<{ start: number; end: number } | null>(null)

const paintedOn = (side: Side): Painted[] =>
  spans.value.map((s, i) => {
    const names = hidden.value.has(s.kind) ? [] : [`k${colourOf(s.kind)}`]
    if (i === hovered.value) names.push('linked')
    if (i === current.value) names.push('current')
    return { start: startOn(s, side), end: endOn(s, side), with: names }
  })

export function Panes() {
  const under = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const right = useRef<HTMLDivElement>(null)
  const scrollers: Record<Side, RefObject<HTMLDivElement | null>> = { original: useRef<HTMLDivElement>(null), masked: useRef<HTMLDivElement>(null) }

  useEffect(() => {
    const original = new TextView(under.current!, scrollers.original.current!)
    const other = new TextView(right.current!, scrollers.masked.current!)
    const together = keepTogether(original, other, (at, from) => across(spans.value, at, from === original ? 'original' : 'masked'))
    views.value = { original, masked: other }
    const stops = [
      effect(() => {
        original.setText(text.value)
        if (area.current!.value !== text.value) area.current!.value = text.value
        original.paint(paintedOn('original'))
      }),
      effect(() => {
        other.setText(masked.value)
        other.paint(masked.value === '' ? [] : paintedOn('masked'))
      }),
    ]
    const onScroll = (view: TextView) => () => {
      if (asked.value) asked.value = { ...asked.value } // It moves along.
      view.follow()
      together(view)
    }
    const onOriginal = onScroll(original)
    const onMasked = onScroll(other)
    original.scroller.addEventListener('scroll', onOriginal, { passive: true })
    other.scroller.addEventListener('scroll', onMasked, { passive: true })
    const resize = new ResizeObserver(() => (original.resized(), other.resized()))
    resize.observe(original.scroller)
    const select = () => readSelection(area.current!)
    document.addEventListener('selectionchange', select)
    return () => {
      stops.forEach((stop) => stop())
      resize.disconnect()
      document.removeEventListener('selectionchange', select)
      original.clear()
      other.clear()
      views.value = null
      selection.value = null
      asked.value = null
    }
  }, [])

  const point = (side: Side) => (e: MouseEvent) => {
    const at = views.value?.[side].findingAt(e.clientX, e.clientY) ?? -1
    if (hovered.value !== at) hovered.value = at
    scrollers[side].current!.classList.toggle('pointing', at >= 0)
  }
  const away = () => (hovered.value = -1)
  const click = (side: Side) => (e: MouseEvent) => {
    if (side === 'original' && selection.value) return
    const at = views.value?.[side].findingAt(e.clientX, e.clientY) ?? -1
    if (at < 0) {
      asked.value = null
      return
    }
    current.value = at
    asked.value = { about: 'finding', side } satisfies Asked
  }
  const drop = (e: DragEvent) => {
    const file = e.dataTransfer?.files[0]
    if (!file) return
    e.preventDefault()
    void openFile(file)
  }

  return (
    <>
      <section class="panel pane" aria-label="Original">
        <header>
          <h2>Original</h2>
          <span class="size number">{text.value && plural(text.value.length, 'character')}</span>
        </header>
        <div
          class="scroller"
          ref={scrollers.original}
          onMouseMove={point('original')}
          onMouseLeave={away}
          onClick={click('original')}
          onDrop={drop}
          onDragOver={(e) => e.preventDefault()}
        >
          <div class="sheet">
            <div class="text under" aria-hidden="true" ref={under} />
            <textarea
              class="text"
              ref={area}
              aria-label="Original text"
              aria-describedby="original-hint"
              placeholder="Paste or type a text, or a chat as JSON. Or drop a file here."
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              onInput={(e) => edit(e.currentTarget.value)}
              onMouseUp={() => requestAnimationFrame(offerMasking)}
            />
          </div>
        </div>
        <span id="original-hint" hidden>
          Alt and the down arrow go to the next finding; select a text and press Alt M to mask it.
        </span>
      </section>

      <section class="panel pane" aria-label="Masked">
        <header>
          <h2>Masked</h2>
          <span class="size number">{masked.value && `${count(masked.value.length)} characters`}</span>
          <span class="grow" />
          <Button icon="copy" label="Copy the masked text" keys="Alt+C" look="quiet" disabled={!masked.value} onClick={() => void copy(masked.value, 'The masked text was')} />
        </header>
        <div
          class="scroller"
          ref={scrollers.masked}
          tabIndex={0}
          role="region"
          aria-label="Masked text"
          aria-busy={false}
          onMouseMove={point('masked')}
          onMouseLeave={away}
          onClick={click('masked')}
        >
          <Notice />
          <div class="sheet">
            <div class="text" ref={right} />
          </div>
        </div>
      </section>
    </>
  )
}

/** Notice stands where the masked text would. It is a component of its own so that the text's element is never drawn anew. */
function Notice() {
  return (
    <div>
      {failed.value && (
        <div class="refused" role="alert">
          <p>{failed.value}</p>
          <Button onClick={() => look()}>Try again</Button>
        </div>
      )}
      {!text.value && <p class="placeholder">What a provider would see stands here, as you type.</p>}
    </div>
  )
}

function readSelection(area: HTMLTextAreaElement): void {
  if (document.activeElement !== area) return
  const { selectionStart: start, selectionEnd: end } = area
  const was = selection.value
  if (start === end) {
    selection.value = null
    if (asked.value?.about === 'selection') asked.value = null
  } else if (was?.start !== start || was.end !== end) selection.value = { start, end }
}

/** offerMasking opens the popup for what is selected. */
export function offerMasking(): void {
  const area = document.querySelector<HTMLTextAreaElement>('textarea.text')
  if (area) readSelection(area) // The event that tells of a selection may come after the one that asks.
  if (selection.value) asked.value = { about: 'selection', side: 'original' }
}
