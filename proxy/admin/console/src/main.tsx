import { render } from 'preact'
import './styles/base.css'
import './styles/parts.css'
import './styles/text.css'
import './styles/pages.css'
import { Shell } from './shell'
import { arrive } from './state'

render(<Shell />, document.getElementById('app')!)
void arrive()
