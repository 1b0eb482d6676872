// Child of share-keyed.ts: what one would write by hand for one query by key: Fastify and pg, nothing else.
import fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 })
const app = fastify()
const text = 'select id, name, district, phone, amount::text, updated_at::text from person where id = $1'
app.get<{ Querystring: { id: string } }>('/person', async ({ query }) => {
  const { rows } = await pool.query({ name: 'by-key', text, values: [query.id.replace(/^eq\./, '')] })
  return { items: rows, next: null }
})
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send!({ port: typeof address === 'object' ? address?.port : 0 })
process.on('message', (message: { close?: boolean }) => {
  if (message.close) process.exit(0)
})
