// Dashboard: the last minutes or hours, as figures and over time.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Chart, type Series } from './chart'
import { colourOf, nameOf } from './kinds'
import { kindsMasked, loadStats, problem, stats, sum, type Stats } from './stats'
import { count, Empty, Page, Problem, Select } from './ui'

const minutes = signal('60')
const every = 15_000 // milliseconds between two looks

export function Dashboard() {
  const m = minutes.value
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && void loadStats(Number(m))
    look()
    const timer = setInterval(look, every)
    return () => clearInterval(timer)
  }, [m])
  const s = stats.value
  return (
    <Page
      title="Dashboard"
      controls={
        <Select
          label="How far back"
          value={m}
          onChange={(v) => (minutes.value = v)}
          options={[
            { value: '60', text: 'Last hour' },
            { value: '360', text: 'Last 6 hours' },
            { value: '1440', text: 'Last 24 hours' },
          ]}
        />
      }
    >
      <Problem text={problem.value} />
      {s ? <Figures stats={s} /> : <div class="panel skeleton" aria-busy="true" />}
    </Page>
  )
}

/** Of the kinds that were masked, the frequent ones are told apart. */
const mostKinds = 6

function byKind(): Series[] {
  const all = kindsMasked.value
  const series = all.slice(0, mostKinds).map((k) => ({ name: nameOf(k.kind), colour: `--k${colourOf(k.kind)}-edge`, values: k.series }))
  const rest = all.slice(mostKinds)
  if (rest.length > 0) {
    series.push({ name: 'Others', colour: '--line-strong', values: rest[0]!.series.map((_, i) => rest.reduce((n, k) => n + k.series[i]!, 0)) })
  }
  return series
}

function Figures({ stats: s }: { stats: Stats }) {
  const start = Date.parse(s.from) / 1000
  const times = s.requests.map((_, i) => start + i * s.step_seconds)
  const masked = kindsMasked.value.reduce((n, k) => n + k.total, 0)
  const slowest = Math.max(0, ...s.added_ms_p95)
  const unknown = sum(s.unknown)
  return (
    <>
      <dl class="tiles">
        <Tile name="Requests" value={count(sum(s.requests))} />
        <Tile name="Values masked" value={count(masked)} />
        <Tile name="Blocked" value={count(sum(s.blocked))} />
        <Tile name="Failed" value={count(sum(s.failed))} warn={sum(s.failed) > 0} />
        <Tile name="Unknown tokens" value={count(unknown)} warn={unknown > 0} />
        <Tile name="Added, p95" value={`${slowest.toFixed(slowest < 10 ? 2 : 0)} ms`} />
        <div class="panel tile">
          <dt>Vault</dt>
          <dd>
            <span class={s.vault.ok ? 'tag good' : 'tag bad'}>{s.vault.ok ? 'works' : 'does not answer'}</span>
            <span class="hint">{s.vault.store}</span>
          </dd>
        </div>
      </dl>
      <div class="charts">
        <Chart
          label="Requests"
          times={times}
          series={[
            { name: 'Requests', colour: '--k7-edge', values: s.requests },
            { name: 'Blocked', colour: '--k2-edge', values: s.blocked },
            { name: 'Failed', colour: '--k0-edge', values: s.failed },
          ]}
        />
        <Chart label="Values masked, by kind" times={times} series={byKind()} stacked />
        <Chart
          label="Time that maskit adds"
          times={times}
          unit=" ms"
          series={[
            { name: 'p50', colour: '--k5-edge', values: s.added_ms_p50 },
            { name: 'p95', colour: '--k8-edge', values: s.added_ms_p95 },
          ]}
        />
        <Chart
          label="Tokens in answers"
          times={times}
          series={[
            { name: 'Restored', colour: '--k4-edge', values: s.restored },
            { name: 'Unknown', colour: '--k0-edge', values: s.unknown },
          ]}
        />
      </div>
      <div class="charts">
        <Ranking title="Rules that found most" rows={s.rules.slice(0, 12).map((r) => ({ name: r.rule, n: r.hits }))} head={['Rule', 'Found']} />
        <Tenants rows={s.tenants} />
      </div>
    </>
  )
}

function Tile({ name, value, warn }: { name: string; value: string; warn?: boolean }) {
  return (
    <div class="panel tile">
      <dt>{name}</dt>
      <dd class={warn ? 'figure warn' : 'figure'}>{value}</dd>
    </div>
  )
}

function Ranking({ title, rows, head }: { title: string; rows: { name: string; n: number }[]; head: [string, string] }) {
  const most = rows[0]?.n ?? 1
  return (
    <section class="panel" aria-label={title}>
      <h2 class="pad">{title}</h2>
      {rows.length === 0 ? (
        <Empty icon="dashboard" title="Nothing was found yet" />
      ) : (
        <table class="dense">
          <thead>
            <tr>
              <th>{head[0]}</th>
              <th>
                <span class="unseen">Share</span>
              </th>
              <th class="right">{head[1]}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.name}>
                <td>
                  <code>{r.name}</code>
                </td>
                <td class="share">
                  <span class="meter">
                    <i style={{ width: `${(100 * r.n) / most}%` }} />
                  </span>
                </td>
                <td class="right number">{count(r.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Tenants({ rows }: { rows: Stats['tenants'] }) {
  return (
    <section class="panel" aria-label="Tenants">
      <h2 class="pad">Tenants</h2>
      {rows.length === 0 ? (
        <Empty icon="dashboard" title="No requests yet">
          <p>Point an SDK at maskit: its requests are counted here.</p>
        </Empty>
      ) : (
        <table class="dense">
          <thead>
            <tr>
              <th>Tenant</th>
              <th class="right">Requests</th>
              <th class="right">Values masked</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((t) => (
              <tr key={t.tenant}>
                <td>{t.tenant}</td>
                <td class="right number">{count(t.requests)}</td>
                <td class="right number">{count(t.masked)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
