// Each page in light and in dark: no violation that axe finds, and a screenshot.
// SCREENSHOTS names the folder for them, docs/screenshots when they are renewed.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { here, launch, maskit, masked, original, provider, select, until, visit } from './run.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = process.env.SCREENSHOTS && resolve(here, process.env.SCREENSHOTS)
if (shots) mkdirSync(shots, { recursive: true })

const sample = [
  'Refund for jane.roe@acme-travel.com, card 4111 1111 1111 1111', 'call +1 415 867 5309 before noon', 'IBAN DE89 3704 0044 0532 0130 00',
  'key sk-proj-Not4Real9Key2Not4Real9Key2 was in the ticket', 'what is the capital of France?', 'from 93.184.216.34, SSN 536-22-8713',
]

let m, upstream, browser
before(async () => {
  upstream = await provider()
  m = await maskit(`
proxy: {upstreams: {openai: {url: "${upstream.url}"}}}
audit: {file: "{dir}/audit.jsonl"}
clients: [{name: crm, key_sha256: ${'0'.repeat(64)}, tenant: acme}]
`)
  const chats = Array.from({ length: 60 }, (_, i) => sample[i % 7 % sample.length])
  for (const content of chats) {
    await fetch(m.clients + '/v1/chat/completions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer sk-test' },
      body: JSON.stringify({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content }] }),
    })
  }
  const rules = {
    rules: [{ name: 'case-number', kind: 'CASE_NUMBER', pattern: '\\bPRJ-\\d{5}\\b' }],
    dictionaries: [{ kind: 'PROJECT', terms: ['Falkenauge', 'Bluebird'] }],
    allow_by_kind: [{ kind: 'EMAIL_ADDRESS', values: ['info@acme-travel.com'] }],
  }
  const put = await fetch(m.admin + '/api/v1/rules', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + m.key, 'If-Match': '0' },
    body: JSON.stringify({ document: rules, reason: 'they name customers' }),
  })
  assert.equal(put.status, 200, await put.text())
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await m?.stop()
  await upstream?.stop()
})

/** hour is what the API would say of an hour with more going on than a test has time for. */
function hour() {
  const series = (f) => Array.from({ length: 60 }, (_, i) => Math.max(0, Math.round(f(i) * (1 + 0.25 * Math.sin(i * 1.7) + 0.12 * Math.sin(i * 5.1)))))
  const day = (i) => 40 + 26 * Math.sin(i / 11)
  return {
    from: '2026-01-15T09:00:00Z', step_seconds: 60,
    requests: series(day), blocked: series((i) => (i % 13 === 4 ? 2 : 0)), failed: series((i) => (i === 37 ? 4 : 0)),
    restored: series((i) => 1.6 * day(i)), unknown: series((i) => (i % 29 === 3 ? 1 : 0)),
    masked: {
      EMAIL_ADDRESS: series((i) => 0.9 * day(i)), PERSON: series((i) => 0.7 * day(i)), PHONE_NUMBER: series((i) => 0.4 * day(i)),
      CREDIT_CARD: series((i) => 0.25 * day(i)), IBAN_CODE: series((i) => 0.2 * day(i)), API_KEY: series((i) => 0.1 * day(i)), US_SSN: series((i) => 0.1 * day(i)),
    },
    added_ms_p50: series((i) => 20 + 4 * Math.sin(i / 9)).map((v) => v / 100), added_ms_p95: series((i) => 55 + 9 * Math.sin(i / 7)).map((v) => v / 100),
    tenants: [{ tenant: 'acme', requests: 1804, masked: 4120 }, { tenant: 'globex', requests: 590, masked: 1433 }],
    rules: [['email', 2210], ['name-model', 1650], ['phone', 960], ['card', 600], ['iban', 488], ['openai-key', 240], ['us-ssn', 236]].map(([rule, hits]) => ({ rule, hits })),
    vault: { store: 'redis (3 nodes)', ok: true },
  }
}

const link = (name) => (page) => page.getByRole('link', { name }).click()

/** The pages: how each is reached and filled. Later ones go on from earlier ones. */
const pages = {
  async compare(page) {
    await page.getByRole('button', { name: 'Use a sample' }).click()
    await page.getByRole('button', { name: /jane.roe@acme-travel.com/ }).click()
    await page.mouse.move(5, 400)
  },
  async correct(page) {
    await select(page, 'Harbour Street')
    await page.getByRole('button', { name: 'As a rule' }).waitFor()
  },
  async rule(page) {
    await page.keyboard.press('Escape')
    await select(page, '88213')
    await page.getByRole('button', { name: 'As a rule' }).click()
    await page.getByText('It finds').waitFor()
  },
  async try(page) {
    await page.keyboard.press('Escape')
    await link('Try')(page)
    await page.getByLabel('Message', { exact: true }).fill('Answer this ticket.\nmail: jane.roe@acme-travel.com\nphone: +1 415 867 5309\ncard: 4111 1111 1111 1111')
    await page.getByLabel('System message').fill('Be brief.')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('restored in').waitFor()
  },
  async restore(page) {
    const seen = await page.getByRole('region', { name: 'Seen by the model', exact: true }).last().innerText()
    await link('Restore')(page)
    await page.getByLabel('Text with tokens').fill(`We wrote to ${/EMAIL\w{8}/.exec(seen)} and called ${/PHONE\w{8}/.exec(seen)} on Monday.`)
    await page.getByLabel('Reason').fill('Ticket 4711: the customer asks what we hold')
    await page.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('hidden in').waitFor()
  },
  async rules(page) {
    await link('Rules')(page)
    await page.getByLabel('A sample text').fill('Falkenauge is late: see PRJ-20931, ask info@acme-travel.com or jane.roe@acme-travel.com.')
    await page.locator('.sample mark').first().waitFor()
  },
  async builtin(page) {
    await page.getByRole('tab', { name: 'Built in' }).click()
  },
  async policies(page) {
    await page.getByRole('tab', { name: 'Policies' }).click()
  },
  async versions(page) {
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('cell', { name: 'they name customers' }).waitFor()
  },
  async dashboard(page) {
    await page.route('**/api/v1/stats*', (r) => r.fulfill({ json: hour() }))
    await link('Dashboard')(page)
    await page.getByRole('figure', { name: 'Requests' }).waitFor()
  },
  async audit(page) {
    await link('Audit')(page)
    await page.getByRole('button', { name: 'Verify the trail' }).click()
    await page.getByText('as it was written').waitFor()
  },
  async help(page) {
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
  },
}

/** Steps that are looked at by axe only: pictures of them would show little more. */
const looked = new Set(['correct', 'builtin', 'versions', 'help'])

async function violations(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).join('; ')}`)
}

for (const colorScheme of ['light', 'dark']) {
  test(`all pages, ${colorScheme}`, async () => {
    const options = { colorScheme, bypassCSP: true, viewport: { width: 1280, height: 800 } }
    const out = await visit(browser, m.admin + '/console/', { ...options, expected: [401] })
    await out.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.deepEqual(await violations(out.page), [], 'signin')
    if (shots) await out.page.screenshot({ path: join(shots, `signin-${colorScheme}.png`) })
    await out.context.close()

    const { page, context } = await visit(browser, m.console, options)
    const wrong = {}
    for (const [name, reach] of Object.entries(pages)) {
      await reach(page)
      await page.waitForTimeout(shots ? 400 : 0) // Lets charts and fonts settle in pictures; nothing is tested by it.
      const found = await violations(page)
      if (found.length) wrong[name] = found
      if (shots && !looked.has(name)) await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) })
    }
    assert.deepEqual(wrong, {})
    await context.close()
  })
}

// The colours of findings are drawn where axe does not look: their contrast is counted here.
test('the colours of kinds are readable', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await visit(browser, m.console, { colorScheme })
    await original(page).fill('x')
    await until(async () => (await masked(page).innerText()).includes('x'), 'masked')
    const ratios = await page.evaluate(() => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
      const probe = document.createElement('span')
      document.body.append(probe)
      const luminance = (name) => {
        probe.style.color = `var(${name})`
        canvas.fillStyle = getComputedStyle(probe).color
        canvas.fillRect(0, 0, 1, 1)
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05)
      return Array.from({ length: 11 }, (_, i) => [contrast(`--k${i}`, `--k${i}-ink`), contrast(`--k${i}`, '--text')]).flat().concat(contrast('--accent', '--on-accent'))
    })
    assert.ok(Math.min(...ratios) >= 4.5, `${colorScheme}: the least contrast is ${Math.min(...ratios).toFixed(2)}`)
    await context.close()
  }
})
