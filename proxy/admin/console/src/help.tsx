import { singleKeys } from './state'
import { Dialog } from './ui'

const mac = /Mac|iPhone|iPad/.test(navigator.platform)
const alt = mac ? '⌥' : 'Alt'
const ctrl = mac ? '⌘' : 'Ctrl'

const groups: { title: string; keys: [string[], string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      [[alt, '1 – 6'], 'Go to a page, in the order of the menu'],
      [['?'], 'This help; F1 also while typing'],
      [['Esc'], 'Close what is open'],
    ],
  },
  {
    title: 'Compare',
    keys: [
      [[alt, '↓'], 'Next finding'],
      [[alt, '↑'], 'Previous finding'],
      [[alt, 'R'], 'Release the finding, this time'],
      [[alt, 'M'], 'Mask what is selected'],
      [[alt, 'Z'], 'Undo a correction'],
      [[alt, 'Shift', 'Z'], 'Redo it'],
      [[alt, 'C'], 'Copy the masked text'],
    ],
  },
  {
    title: 'Try, Restore, Rules',
    keys: [[[ctrl, 'Enter'], 'Send, restore or test']],
  },
]

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div class="shortcuts">
        {groups.map((g) => (
          <section key={g.title}>
            <h3>{g.title}</h3>
            <dl>
              {g.keys.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((k) => (
                      <kbd key={k}>{k}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input type="checkbox" checked={singleKeys.value} onChange={(e) => (singleKeys.value = e.currentTarget.checked)} />
        Single keys such as ? are shortcuts
      </label>
    </Dialog>
  )
}
