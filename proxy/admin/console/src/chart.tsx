// A chart over time, drawn by uPlot, with its legend as text.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { isDark } from './state'

export interface Series {
  name: string
  /** A colour of the style sheet, such as --k3-edge. */
  colour: string
  values: number[]
}

interface Props {
  label: string
  times: number[] // seconds since 1970
  series: Series[]
  stacked?: boolean
  unit?: string
  height?: number
}

const clock = (t: number): string => new Date(t * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const show = (v: number | undefined, unit: string): string =>
  v === undefined || v === null ? '–' : (Number.isInteger(v) ? v.toLocaleString('en') : v.toFixed(v < 10 ? 2 : 1)) + unit

/** piled adds each series to those before it, the last one first to be drawn. */
function piled(series: Series[]): number[][] {
  const below: number[] = series[0]?.values.map(() => 0) ?? []
  return series.map((s) => s.values.map((v, i) => (below[i] = below[i]! + v))).reverse()
}

export function Chart({ label, times, series, stacked, unit = '', height = 190 }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const at = useSignal<number | null>(null)
  const dark = isDark.value
  const shape = series.map((s) => s.name + s.colour).join() + stacked
  const data = [times, ...(stacked ? piled(series) : series.map((s) => s.values))] as uPlot.AlignedData

  useEffect(() => {
    const el = box.current!
    const colour = (name: string): string => {
      el.style.color = `var(${name})`
      const c = getComputedStyle(el).color
      el.style.color = ''
      return c
    }
    const drawn = stacked ? [...series].reverse() : series
    const grid = { stroke: colour('--line'), width: 1 }
    const axis = { stroke: colour('--muted'), grid, ticks: { show: false }, font: '11px ' + getComputedStyle(el).fontFamily }
    const u = new uPlot(
      {
        width: el.clientWidth,
        height,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: !stacked }, drag: { setScale: false, x: false, y: false } },
        scales: { y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
        axes: [{ ...axis, size: 28, values: (_u, ticks) => ticks.map(clock) }, { ...axis, size: 52, values: (_u, ticks) => ticks.map((t) => show(t, unit)) }],
        series: [
          {},
          ...drawn.map((s) => ({
            label: s.name,
            stroke: colour(s.colour),
            width: stacked ? 0.5 : 1.75,
            points: { show: false },
            ...(stacked && { fill: colour(s.colour) }),
          })),
        ],
        hooks: { setCursor: [(u) => (at.value = u.cursor.idx ?? null)] },
      },
      data,
      el,
    )
    plot.current = u
    const resize = new ResizeObserver(() => u.setSize({ width: el.clientWidth, height }))
    resize.observe(el)
    return () => {
      resize.disconnect()
      u.destroy()
      plot.current = null
    }
  }, [shape, dark, height])
  useEffect(() => plot.current?.setData(data), [times, series])

  const total = (s: Series) => (unit ? Math.max(0, ...s.values.filter((v) => v !== null)) : s.values.reduce((a, b) => a + b, 0))
  const when = at.value !== null ? times[at.value] : undefined
  return (
    <figure class="panel pad chart" aria-label={label}>
      <figcaption class="row">
        <h2>{label}</h2>
        <span class="grow" />
        <span class="status">{when !== undefined && clock(when)}</span>
      </figcaption>
      <div ref={box} class="canvas" style={{ height: `${height}px` }} aria-hidden="true" />
      <ul class="legend">
        {series.map((s) => (
          <li key={s.name}>
            <i style={{ background: `var(${s.colour})` }} />
            {s.name} <b class="number">{when !== undefined ? show(s.values[at.value!], unit) : show(total(s), unit)}</b>
          </li>
        ))}
        {series.length === 0 && <li>nothing yet</li>}
      </ul>
    </figure>
  )
}
