// Two views that show the same place: where one is scrolled, the other follows,
// line for line, though their lines are of different length.
import type { TextView } from './view'

/** keepTogether returns what to call when one of the views was scrolled, with how places correspond. */
export function keepTogether(a: TextView, b: TextView, across: (at: number, from: TextView) => number): (moved: TextView) => void {
  let led: { view: TextView; top: number } | null = null
  return (moved) => {
    if (led?.view === moved && Math.abs(led.top - moved.scroller.scrollTop) < 2) {
      led = null // This is the echo of what was done below.
      return
    }
    const other = moved === a ? b : a
    const s = moved.scroller
    const o = other.scroller
    let top: number
    if (s.scrollTop <= 0) top = 0
    else if (s.scrollTop >= s.scrollHeight - s.clientHeight - 1) top = o.scrollHeight - o.clientHeight
    else {
      const at = moved.offsetAt(1)
      top = o.scrollTop + other.top(across(at, moved)) - moved.top(at)
    }
    top = Math.round(Math.max(0, Math.min(top, o.scrollHeight - o.clientHeight)))
    if (Math.abs(o.scrollTop - top) < 2) return
    o.scrollTop = top
    led = { view: other, top: o.scrollTop }
  }
}
