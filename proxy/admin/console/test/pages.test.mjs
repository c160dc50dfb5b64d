import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launch, maskit, masked, original, provider, until, visit } from './run.mjs'

let m, upstream, browser
before(async () => {
  upstream = await provider()
  m = await maskit(`
proxy: {upstreams: {openai: {url: "${upstream.url}"}}}
audit: {file: "{dir}/audit.jsonl"}
`)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await m?.stop()
  await upstream?.stop()
})

const message = 'Answer jane.roe@acme-travel.com about 4111 1111 1111 1111.'

const chat = (content) =>
  fetch(m.clients + '/v1/chat/completions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer sk-test' },
    body: JSON.stringify({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content }] }),
  }).then((r) => r.text())

test('a chat is tried with the built-in model, and streams on three sides', async () => {
  const { page, leave } = await visit(browser, m.console)
  await page.getByRole('link', { name: 'Try' }).click()
  await page.getByLabel('Message', { exact: true }).fill(message)
  await page.getByLabel('System message').fill('Be brief with jane.roe@acme-travel.com')
  await page.keyboard.press('Control+Enter')
  await page.getByText(/tokens? restored in/).waitFor()
  const side = (name) => page.getByRole('region', { name, exact: true }).last().innerText()
  const seen = await side('Seen by the model')
  assert.ok(!seen.includes('jane.roe') && !seen.includes('4111'), 'the model sees no value')
  const tokens = [...seen.matchAll(/EMAIL[0-9A-Z]{8}/g)].map((t) => t[0])
  assert.equal(new Set(tokens).size, 1, 'one value, one token, in all messages and in the answer')
  assert.ok(tokens.length >= 3)
  assert.match(await side('Given back to the app'), /jane\.roe@acme-travel\.com about 4111 1111 1111 1111/)
  await leave()
})

test('a chat as JSON keeps its roles', async () => {
  const { page, leave } = await visit(browser, m.console)
  await page.getByRole('link', { name: 'Try' }).click()
  await page.getByLabel('Message', { exact: true }).fill(JSON.stringify({ messages: [{ role: 'system', content: 'short' }, { role: 'user', content: message }] }))
  await page.getByText('A chat of 2 messages').waitFor()
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText(/restored in/).waitFor()
  await leave()
})

test('a text is restored for a reason, and hides again after a minute', async () => {
  const { page, context, leave } = await visit(browser, m.console, { expected: [400] })
  await original(page).fill(message)
  const tokens = await until(async () => /EMAIL\w{8}/.test(await masked(page).innerText()) && (await masked(page).innerText()), 'masked')
  await page.getByRole('link', { name: 'Restore' }).click()
  await page.clock.install()
  await page.getByLabel('Text with tokens').fill(tokens)
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('alert').getByText('Say why').waitFor()
  await page.getByLabel('Reason').fill('Ticket 4711')
  await page.keyboard.press('Control+Enter')
  const shown = page.getByRole('region', { name: 'Originals', exact: true }).last()
  await until(async () => (await shown.innerText()).includes('jane.roe@acme-travel.com'), 'the value is shown')
  await page.clock.fastForward(59_000)
  assert.ok((await shown.innerText()).includes('jane.roe@'), 'it is shown for a minute')
  await until(async () => { // The page counts seconds from when its answer came.
    await page.clock.fastForward(1_000)
    return page.getByText('Hidden again').isVisible()
  }, 'it hides again')
  assert.ok(!(await page.content()).includes('jane.roe'), 'then it is nowhere in the page')
  await leave()
  assert.match(readFileSync(join(m.dir, 'audit.jsonl'), 'utf8'), /"type":"restore".*Ticket 4711/)
})

test('rules are added, searched, edited and rolled back', async () => {
  const { page, leave } = await visit(browser, m.console, { expected: [422] })
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByText('No rules of your own yet').waitFor()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What').selectOption('dictionaries')
  await dialog.getByLabel('Name of the kind').fill('PROJECT')
  await dialog.getByRole('textbox', { name: 'Values' }).fill('Falkenauge\nBluebird')
  await dialog.getByRole('button', { name: 'Add to the draft' }).click()
  await page.getByLabel('A sample text').fill('Is Falkenauge late?')
  await page.getByText('The draft: 1 finding more').waitFor()
  const save = async (why) => {
    await page.getByRole('button', { name: /^Draft/ }).click()
    await page.getByLabel('Why').fill(why)
    await page.getByRole('button', { name: 'Save and put in force' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await save('these are secret')
  await page.getByLabel('Search your rules').fill('blue')
  await until(async () => (await page.getByRole('row').count()) === 2, 'the search leaves one')
  await page.getByLabel('Search your rules').fill('')
  await page.getByRole('button', { name: 'Remove Bluebird' }).click()
  await save('one is public now')
  // A rule that cannot be: the server's reasons are shown, and nothing is saved.
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('broken')
  await dialog.getByRole('textbox', { name: 'Pattern' }).fill('(unclosed')
  await dialog.getByRole('button', { name: 'Add to the draft' }).click()
  await page.getByRole('button', { name: /^Draft/ }).click()
  await dialog.getByRole('alert').getByText(/pattern/).first().waitFor()
  await dialog.getByRole('button', { name: 'Discard' }).click()
  // Back to the first version, by the keyboard.
  await page.getByRole('tab', { name: 'Your rules' }).focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Differences of version 1' }).click()
  await dialog.getByText('Going back to it now means 1 change').waitFor()
  await dialog.getByLabel('Why').fill('it was not')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: 'it was not' }).waitFor()
  await page.getByRole('tab', { name: 'Your rules' }).click()
  await page.getByText('Bluebird').waitFor()
  await leave()
})

test('who was slower keeps his draft, upon the newer version', async () => {
  const { page, leave } = await visit(browser, m.console, { expected: [412] })
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByLabel('What').selectOption('allow')
  await page.getByRole('textbox', { name: 'Values' }).fill('info@acme-travel.com')
  await page.getByRole('button', { name: 'Add to the draft' }).click()
  const now = await (await fetch(m.admin + '/api/v1/rules', { headers: { Authorization: 'Bearer ' + m.key } })).json()
  const put = await fetch(m.admin + '/api/v1/rules', {
    method: 'PUT',
    headers: { Authorization: 'Bearer ' + m.key, 'Content-Type': 'application/json', 'If-Match': String(now.version) },
    body: JSON.stringify({ document: { ...now.document, allow: ['other@acme-travel.com'] }, reason: 'faster' }),
  })
  assert.equal(put.status, 200)
  await page.getByRole('button', { name: /^Draft/ }).click()
  await page.getByLabel('Why').fill('slower')
  await page.getByRole('button', { name: 'Save and put in force' }).click()
  await page.getByText('Somebody else saved a version meanwhile').waitFor()
  await page.getByRole('button', { name: 'Save and put in force' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('other@acme-travel.com').waitFor()
  await page.getByText('info@acme-travel.com').waitFor()
  await leave()
})

test('a pack is switched on', async () => {
  const { page, leave } = await visit(browser, m.console)
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByRole('tab', { name: 'Policies and packs' }).click()
  await page.getByRole('region', { name: 'finance', exact: true }).getByRole('switch').check()
  await page.getByRole('button', { name: /^Draft: \d+ changes/ }).click()
  await page.getByRole('dialog').getByText('Kind on').first().waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('tab', { name: 'Built in' }).click()
  await page.getByLabel('Search the built-in rules').fill('iban')
  await page.getByRole('cell', { name: 'IBAN code' }).first().waitFor()
  await leave()
})

test('the dashboard shows what went through', async () => {
  await Promise.all([chat(message), chat('and +1 415 867 5309'), chat('nothing in this')])
  const { page, leave } = await visit(browser, m.console)
  await page.getByRole('link', { name: 'Dashboard' }).click()
  const tile = (name) => page.locator('.tile', { has: page.getByText(name, { exact: true }) })
  assert.match(await tile('Requests').innerText(), /\b3$/)
  assert.match(await tile('Values masked').innerText(), /\b3$/)
  assert.match(await tile('Vault').innerText(), /works/)
  const chart = page.getByRole('figure', { name: 'Values masked, by kind' })
  await chart.getByText('Credit card').waitFor()
  assert.ok(await chart.locator('canvas').isVisible())
  await page.getByRole('region', { name: 'Rules that found most' }).getByText('email').waitFor()
  await page.getByLabel('How far back').selectOption('1440')
  await leave()
})

test('the trail is filtered, opened and verified, and tampering is named', async () => {
  const { page, leave } = await visit(browser, m.console)
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.getByLabel('What', { exact: true }).selectOption('restore')
  await page.getByRole('cell', { name: 'Ticket 4711' }).waitFor()
  await until(async () => (await page.getByRole('row').count()) === 2, 'only the restoration is left')
  await page.getByRole('button', { name: /Details of record/ }).click()
  await page.locator('.details').getByText('restore', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Verify the trail' }).click()
  await page.getByText('The trail is as it was written.').waitFor()
  const file = join(m.dir, 'audit.jsonl')
  writeFileSync(file, readFileSync(file, 'utf8').replace('Ticket 4711', 'Ticket 4712'))
  await page.getByRole('button', { name: 'Verify the trail' }).click()
  await page.getByText(/faults? in the trail/).waitFor()
  await page.getByText(/^Record \d+:/).first().waitFor()
  await leave()
})
