// First import of the program: the server's CSP forbids eval, and zod would try it when the contract's schemas are built.
import { config } from 'zod'

config({ jitless: true })
