// Starts the real maskit and a browser for the tests.
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const binary = process.env.MASKIT ?? '../../../../bin/maskit'

/** maskit starts one on ports of its own; `config` is YAML. It returns the addresses that it printed. */
export async function maskit(config = '', env = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'maskit-console-'))
  const file = join(dir, 'maskit.yaml')
  writeFileSync(file, config)
  const p = spawn(binary, ['serve', '--config', file, '--listen', '127.0.0.1:0', '--admin', 'localhost:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  const out = { stop: () => new Promise((done) => (p.once('exit', done), p.kill('SIGTERM'))), log: '', dir, file }
  for await (const line of createInterface(p.stderr)) {
    out.log += line + '\n'
    const [, name, url] = /^ {2}(clients|console) +(\S+)/.exec(line) ?? []
    if (name) out[name] = url
    if (line.includes('OPENAI_BASE_URL')) break
  }
  if (!out.console) throw new Error('maskit did not start:\n' + out.log)
  p.stderr.resume()
  out.admin = new URL(out.console).origin
  out.key = /#key=(.*)/.exec(out.console)?.[1]
  return out
}

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-prefers-reduced-motion'] })
