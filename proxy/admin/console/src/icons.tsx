// Icons of 16 by 16, drawn with one stroke.
const paths = {
  compare: 'M2.5 3h4v10h-4zM9.5 3h4v10h-4zM11 6h1M11 9h1',
  try: 'M3 3.5h10v7H7l-3 2.5v-2.5H3z',
  restore: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.6v2.6h2.6',
  rules: 'M2.5 4h4M10 4h3.5M2.5 8h1.5M7.5 8h6M2.5 12h6M12 12h1.5M8.2 2.6v2.8M5.8 6.6v2.8M10.3 10.6v2.8',
  dashboard: 'M2.5 13.5h11M4 11V8M7 11V4.5M10 11V7M13 11V3',
  audit: 'M4 2.5h6l2.5 2.5v8.5H4zM6.5 8.5l1.3 1.3 2.4-2.6',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7',
  redo: 'M10.5 3l3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8H9',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  export: 'M8 10V2.5M5 5.2 8 2.4l3 2.8M3 9v4.5h10V9',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.3 12 13 4.5',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  plus: 'M8 3v10M3 8h10',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9',
  edit: 'M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.4 4.4l2.2 2.2',
  out: 'M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6',
  help: 'M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.4M8 11.6v.1M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M10 3v10M12 4.5v7',
  warn: 'M8 2.2 14.4 13.5H1.6zM8 6.5v3.2M8 11.6v.1',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  send: 'M2.5 8 13.5 3l-3 10.5-2.8-4.2zM7.7 9.3l5.8-6.3',
  shield: 'M8 1.8 13 3.6v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4zM5.8 8l1.6 1.6 3-3.2',
  lock: 'M4 7.2h8v6.3H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  key: 'M6 10.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM9 7.5h5M12 7.5v2.4',
}

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path class="faint" d="M7 11h18M7 16h5m9 0h4M7 21h18" />
      <rect class="bar" x="13" y="12.4" width="7.4" height="7.2" rx="2.2" />
    </svg>
  )
}
