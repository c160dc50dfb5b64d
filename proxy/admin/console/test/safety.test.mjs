import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hash, launch, maskit, masked, original, until, visit } from './run.mjs'

const keys = { admin: 'mko_test-admin', viewer: 'mko_test-viewer', restorer: 'mko_test-restorer', bound: 'mko_test-bound' }

let m, browser
before(async () => {
  const operators = Object.entries(keys).filter(([role]) => role !== 'bound').map(([role, key]) => `    - {name: ${role}, key_sha256: ${hash(key)}, roles: [${role}]}`)
  operators.push(`    - {name: bound, key_sha256: ${hash(keys.bound)}, roles: [admin], tenants: [acme]}`)
  m = await maskit(`admin:\n  operators:\n${operators.join('\n')}\n`)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await m?.stop()
})

const signIn = async (page, key) => {
  await page.getByLabel('Operator’s key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const as = async (role, options) => {
  const v = await visit(browser, m.admin + '/console/', { expected: [401], ...options })
  await signIn(v.page, keys[role])
  await v.page.getByRole('heading', { name: 'Compare' }).waitFor()
  return v
}

test('a signed-out page shows nothing, and a wrong key opens nothing', async () => {
  const { page, leave } = await visit(browser, m.admin + '/console/#/rules', { expected: [401] })
  await page.getByRole('heading', { name: 'Sign in to maskit' }).waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  await signIn(page, 'mko_wrong')
  await page.getByRole('alert').getByText('This key is not known here').waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  await leave()
})

test('the session is a cookie that scripts do not see, and ends with signing out', async () => {
  const { page, context, leave } = await as('admin')
  const [cookie] = await context.cookies()
  assert.deepEqual([cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], ['__Host-maskit', true, true, 'Strict', '/'])
  await original(page).fill('jane.roe@acme-travel.com')
  await until(async () => /EMAIL/.test(await masked(page).innerText()), 'masked')
  await page.reload()
  await page.getByRole('heading', { name: 'Compare' }).waitFor()
  assert.equal(await original(page).inputValue(), '', 'a text does not outlive its page')
  await original(page).fill('jane.roe@acme-travel.com')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to maskit' }).waitFor()
  assert.ok(!(await page.content()).includes('jane.roe'))
  assert.equal((await context.cookies()).length, 0)
  await leave()
})

test('without the CSRF token a cookie does nothing', async () => {
  const { page, leave } = await as('admin', { expected: [401, 403] })
  const status = await page.evaluate(() =>
    fetch('../api/v1/mask', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"text":"a"}' }).then((r) => r.status),
  )
  assert.equal(status, 403)
  await leave()
})

test('what a role may not do is not shown, and is refused', async () => {
  const { page, leave } = await as('viewer', { expected: [401, 403] })
  const pages = await page.getByRole('navigation').getByRole('link').allInnerTexts()
  assert.deepEqual(pages.filter((p) => p === 'Restore'), [])
  await original(page).fill('jane.roe@acme-travel.com')
  await page.getByRole('button', { name: /jane.roe/ }).click()
  await page.getByRole('button', { name: 'Release' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Always allow' }).count(), 0)
  await page.getByRole('button', { name: 'Export' }).click()
  assert.equal(await page.getByRole('button', { name: 'Encrypted bundle' }).count(), 0)
  const status = await page.evaluate(async () => {
    const { csrf } = await (await fetch('../api/v1/session')).json()
    return fetch('../api/v1/restore', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: '{"text":"EMAIL5DCPH6QF","reason":"r"}' }).then((r) => r.status)
  })
  assert.equal(status, 403)
  await page.goto(m.admin + '/console/#/restore')
  await page.getByRole('heading', { name: 'Compare' }).waitFor()
  await leave()
  const other = await as('restorer')
  await other.page.getByRole('link', { name: 'Restore' }).waitFor()
  await other.leave()
})

test('who is bound to a tenant works there, and is told what concerns others', async () => {
  const { page, leave } = await as('bound', { expected: [401, 403] })
  await original(page).fill('jane.roe@acme-travel.com')
  await until(async () => /EMAIL/.test(await masked(page).innerText()), 'masked')
  assert.equal(await page.locator('.toast').count(), 0)
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByRole('alert').getByText('do not permit this').waitFor()
  await page.getByRole('tab', { name: 'Policies and packs' }).click()
  await page.getByRole('region', { name: 'finance', exact: true }).waitFor()
  await leave()
})

const probes = [
  '<img src=x onerror="window.xss=1">', '<script>window.xss=1</script>', '"><svg onload=window.xss=1>', '<style>*{display:none}</style>',
  '</textarea><b id=injected>b</b>', 'javascript:window.xss=1', '{{constructor.constructor("window.xss=1")()}}', '&lt;b&gt;',
]

test('HTML and script in texts, rule names and model output stay text', async () => {
  const { page, leave } = await as('admin')
  const text = probes.join('\n') + '\nmail <b>jane.roe@acme-travel.com</b>'
  const clean = async (where) => {
    const found = await page.evaluate(() => [window.xss, document.querySelectorAll('#injected, main img, main script, main style, main b[id], svg[onload]').length])
    assert.deepEqual(found, [undefined, 0], where)
  }
  await original(page).fill(text)
  await until(async () => /EMAIL/.test(await masked(page).innerText()), 'masked')
  for (const p of probes) assert.ok((await masked(page).innerText()).includes(p), 'shown as it stands: ' + p)
  await clean('Compare')
  await page.getByRole('link', { name: 'Try' }).click()
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText(/restored in/).waitFor()
  assert.ok((await page.getByRole('region', { name: 'Given back to the app' }).last().innerText()).includes(probes[0]))
  await clean('Try')
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).fill(probes[0])
  await page.getByRole('textbox', { name: 'Pattern' }).fill('<img[^>]*>')
  await page.getByRole('button', { name: 'Add to the draft' }).click()
  await page.getByLabel('A sample text').fill(text)
  await page.getByText('The draft: 1 finding more').waitFor()
  await clean('Rules')
  await page.getByRole('button', { name: /^Draft/ }).click()
  await page.getByRole('dialog').getByText(probes[0]).first().waitFor()
  await page.getByLabel('Why').fill(probes[1])
  await page.getByRole('button', { name: 'Save and put in force' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Versions' }).click()
  await page.getByText(probes[1]).waitFor()
  await clean('Versions')
  await leave()
})

test('the page’s policy stops what would be injected', async () => {
  const { page, context } = await as('admin')
  const outcome = await page.evaluate(async () => {
    const stopped = []
    try {
      document.body.innerHTML += '<b>x</b>'
    } catch (e) {
      stopped.push(e.name)
    }
    const s = document.createElement('style')
    s.textContent = 'body{outline:9px solid red}'
    document.head.append(s)
    stopped.push(getComputedStyle(document.body).outlineStyle)
    stopped.push(await fetch('https://example.invalid/').catch((e) => e.name))
    return stopped
  })
  assert.deepEqual(outcome, ['TypeError', 'none', 'TypeError'])
  await context.close()
})
