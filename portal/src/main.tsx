import './no-eval.ts'
import './shell/style.css'
import { createRoot } from 'react-dom/client'
import { rooms } from './rooms.ts'
import { Portal } from './shell/index.ts'

createRoot(document.getElementById('root')!).render(<Portal rooms={rooms} />)
