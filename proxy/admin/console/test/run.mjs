// Starts what the tests need: the real maskit, a provider for it, a browser, and
// a page that is watched for whatever it should not do.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const here = dirname(fileURLToPath(import.meta.url))
const binary = resolve(here, process.env.MASKIT ?? '../../../../bin/maskit')

export const hash = (key) => createHash('sha256').update(key).digest('hex')

/** maskit starts one on ports of its own. `config` is YAML; `{dir}` in it is a folder of its own. */
export async function maskit(config = '') {
  const dir = mkdtempSync(join(tmpdir(), 'maskit-console-'))
  const file = join(dir, 'maskit.yaml')
  writeFileSync(file, config.replaceAll('{dir}', dir))
  const p = spawn(binary, ['serve', '--config', file, '--listen', '127.0.0.1:0', '--admin', 'localhost:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MASKIT_KEY: Buffer.alloc(32, 7).toString('base64') },
  })
  const out = { dir, file, stop: () => new Promise((done) => (p.once('exit', done), p.kill('SIGTERM'))) }
  let printed = ''
  const lines = createInterface(p.stderr)
  await new Promise((done, failed) => {
    lines.on('line', (line) => {
      printed += line + '\n'
      const [, name, url] = /^ {2}(clients|console) +(\S+)/.exec(line) ?? []
      if (name) out[name] = url
      if (line.includes('ANTHROPIC_BASE_URL')) done()
    })
    lines.on('close', () => failed(new Error('maskit did not start:\n' + printed)))
  })
  out.admin = new URL(out.console).origin
  out.key = /#key=(.*)/.exec(out.console)?.[1]
  return out
}

/** provider answers chat completions with what it was asked. */
export async function provider() {
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const piece of req) body += piece
    const asked = JSON.parse(body).messages.at(-1).content
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ id: 'x', object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: asked } }] }))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) }
}

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] })

/** visit opens a page. `expected` are statuses of answers that the test means to get. */
export async function visit(browser, url, { colorScheme = 'light', expected = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, colorScheme, reducedMotion: 'reduce', ...options })
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {})
  await context.addInitScript(() => {
    window.violations = []
    document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`))
  })
  const page = await context.newPage()
  const problems = []
  const origin = new URL(url).origin
  page.on('pageerror', (e) => problems.push(e.stack))
  page.on('console', (m) => {
    const status = /status of (\d+)/.exec(m.text())?.[1]
    if (m.type() === 'error' && !expected.includes(Number(status))) problems.push(m.text())
  })
  page.on('request', (r) => {
    if (!r.url().startsWith(origin) && !r.url().startsWith('blob:')) problems.push('asks ' + r.url())
  })
  await page.goto(url)

  /** leave closes the page and says what it did wrong. */
  const leave = async () => {
    const state = await page.evaluate(async () => ({
      violations: window.violations,
      stored: [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await caches.keys()), ...(await indexedDB.databases()).map((d) => d.name)],
      cookie: document.cookie,
    }))
    await context.close()
    assert.deepEqual(problems, [], 'errors, and requests to others')
    assert.deepEqual(state, { violations: [], stored: [], cookie: '' }, 'CSP reports, browser storage and cookies that scripts see')
  }
  return { page, context, leave }
}

/** select selects a part of the original, as a person does with the mouse. */
export const select = (page, part) =>
  page.getByLabel('Original text').evaluate((area, part) => {
    const at = area.value.indexOf(part)
    area.focus()
    area.setSelectionRange(at, at + part.length)
    area.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
  }, part)

export const masked = (page) => page.getByRole('region', { name: 'Masked text' })
export const original = (page) => page.getByLabel('Original text')

/** until waits until f gives something true. */
export async function until(f, what, most = 15_000) {
  for (const end = Date.now() + most; ; ) {
    const got = await f()
    if (got) return got
    assert.ok(Date.now() < end, what)
    await new Promise((go) => setTimeout(go, 30))
  }
}
