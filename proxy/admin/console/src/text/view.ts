// A text of any size with findings drawn into it.
//
// The text is one text node. Findings are ranges of the CSS Custom Highlight API
// over it: no element is made for them, so that 5,000 cost what is in view. Ranges
// exist for the part that is in view and a few screens around it, and follow the
// scrolling. A textarea may lie over the view, letter upon letter: it is what is
// edited then, and the view is what is coloured.
import { editBetween, firstEndingAfter, type Range as Part } from './spans'

export interface Painted extends Part {
  /** The highlights that it is drawn with: see ::highlight in text.css. */
  with: string[]
}

const registry = (globalThis as { CSS?: { highlights?: HighlightRegistry } }).CSS?.highlights

// The more special is drawn over the more general.
const priority: Record<string, number> = { linked: 1, current: 2 }

function highlight(name: string): Highlight {
  let h = registry!.get(name)
  if (!h) {
    h = new Highlight()
    h.priority = priority[name] ?? 0
    registry!.set(name, h)
  }
  return h
}

export class TextView {
  private readonly node: Text
  private drawn: [Highlight, Range][] = []
  private findings: Painted[] = []
  private window: Part = { start: 0, end: 0 }
  private drawnAt = Infinity // how far the view was scrolled when it was drawn
  private boxes: { box: DOMRect; index: number }[] | null = null

  /** @param el holds the text and nothing else; @param scroller is what scrolls it. */
  constructor(
    el: HTMLElement,
    readonly scroller: HTMLElement,
  ) {
    this.node = document.createTextNode('\n')
    el.replaceChildren(this.node)
  }

  get length(): number {
    return this.node.length - 1
  }

  /** setText changes what differs only. The line feed at the end gives an empty last line its height. */
  setText(text: string): void {
    const is = text + '\n'
    if (is === this.node.data) return
    const e = editBetween(this.node.data, is)
    this.node.replaceData(e.start, e.end - e.start, is.slice(e.start, e.start + e.length))
    this.boxes = null
  }

  /** paint draws findings, sorted by where they start. */
  paint(findings: Painted[]): void {
    this.findings = findings
    this.drawnAt = Infinity
    this.follow()
  }

  /** follow draws what has come into view. */
  follow(): void {
    const { clientHeight: height, scrollTop: top } = this.scroller
    if (height === 0 || Math.abs(top - this.drawnAt) < (reach - 0.2) * height) return
    this.drawnAt = top
    this.window = { start: this.offsetAt(-reach * height), end: this.offsetAt((reach + 1) * height) + 1 }
    this.draw()
  }

  private draw(): void {
    for (const [h, r] of this.drawn) h.delete(r)
    this.drawn = []
    this.boxes = null
    if (!registry) return
    for (const i of this.inWindow()) {
      const f = this.findings[i]!
      for (const name of f.with) {
        const r = this.range(f.start, f.end)
        const h = highlight(name)
        h.add(r)
        this.drawn.push([h, r])
      }
    }
  }

  private inWindow(): number[] {
    const out: number[] = []
    let i = firstEndingAfter(this.window.start, this.findings.length, (k) => this.findings[k]!.end)
    for (; i < this.findings.length && this.findings[i]!.start < this.window.end; i++) out.push(i)
    return out
  }

  /** clear takes everything out of the document's highlights. */
  clear(): void {
    this.findings = []
    this.draw()
  }

  private range(start: number, end: number): Range {
    const r = new Range()
    r.setStart(this.node, Math.min(start, this.length))
    r.setEnd(this.node, Math.min(end, this.length))
    return r
  }

  /** box returns where a part of the text is on the screen. */
  box(start: number, end: number): DOMRect {
    return this.range(start, Math.max(end, start + 1)).getBoundingClientRect()
  }

  /** top returns how far below the scroller's upper edge a place is, in pixels. */
  top(at: number): number {
    const r = new Range()
    const from = Math.min(at, this.length)
    r.setStart(this.node, from)
    r.setEnd(this.node, from + 1)
    const box = r.getClientRects()[0] ?? r.getBoundingClientRect()
    return box.top - this.scroller.getBoundingClientRect().top
  }

  /** offsetAt returns the first place whose line ends below y, counted from the scroller's upper edge. */
  offsetAt(y: number): number {
    // Looking up a place is what costs, so the search begins near where the place
    // would be if all lines were alike.
    const above = (at: number) => this.top(at) + lineHeight <= y
    const guess = Math.floor((this.length * (this.scroller.scrollTop + y)) / this.scroller.scrollHeight)
    let low = Math.max(0, Math.min(this.length, guess))
    let high = low
    for (let by = 256; high < this.length && above(high); by *= 2) {
      low = high + 1
      high = Math.min(this.length, high + by)
    }
    for (let by = 256; low > 0 && !above(low - 1); by *= 2) {
      high = low - 1
      low = Math.max(0, low - by)
    }
    while (low < high) {
      const mid = (low + high) >> 1
      if (above(mid)) low = mid + 1
      else high = mid
    }
    return low
  }

  /** findingAt returns the index of the finding under a point of the screen, -1 if there is none. */
  findingAt(x: number, y: number): number {
    const edge = this.scroller.getBoundingClientRect()
    const dx = this.scroller.scrollLeft - edge.left
    const dy = this.scroller.scrollTop - edge.top
    this.boxes ??= this.inWindow().flatMap((index) => {
      const f = this.findings[index]!
      return [...this.range(f.start, f.end).getClientRects()].map((b) => ({
        index,
        box: new DOMRect(b.left + dx, b.top + dy, b.width, b.height),
      }))
    })
    const px = x + dx
    const py = y + dy
    const hit = this.boxes.find(({ box: b }) => px >= b.left && px <= b.right && py >= b.top - 3 && py <= b.bottom + 3)
    return hit?.index ?? -1
  }

  /** reveal scrolls a part into view, if it is not. */
  reveal(start: number, end: number): void {
    const box = this.box(start, end)
    const pane = this.scroller.getBoundingClientRect()
    if (box.top >= pane.top + 8 && box.bottom <= pane.bottom - 8) return
    this.scroller.scrollTop += box.top - pane.top - pane.height / 3
  }

  /** resized forgets what was measured. */
  resized(): void {
    this.boxes = null
    this.drawnAt = Infinity
    this.follow()
  }
}

/**
 * How many screens above and below the view findings are drawn. Each change of what
 * is drawn paints the text anew, so it is made seldom.
 */
const reach = 4

/** The height of a line of text.css, in pixels. */
const lineHeight = 22
