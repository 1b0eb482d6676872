import { MongoClient } from 'mongodb'
import { startTestMongodb } from '#testing/servers/test-mongodb.ts'
import { mongodbSuite } from '#testing/sources/mongodb-suite.ts'
import { openMongodb } from './mongodb.ts'

mongodbSuite('MongoDB, as the server of the tests speaks it', async () => {
  const server = await startTestMongodb({})
  const settings = {
    kind: 'mongodb',
    host: '127.0.0.1',
    port: server.port,
    database: 'd',
    user: '',
    authSource: 'admin',
    certificate: '',
  } as const
  return {
    connector: (lake) => openMongodb(settings, '', { lake, allowed: ['127.0.0.1'], care: undefined }),
    put: async (name, documents) => Object.assign(server.collections, { [name]: { documents: () => documents } }),
    close: async () => server.close(),
  }
})

/** `mongodb://user:password@host:27017/database?authSource=admin`: an account that may make collections there. */
const realUrl = process.env.DATONG_TEST_MONGODB
if (realUrl)
  mongodbSuite('MongoDB', async () => {
    const { hostname: host, port, username, password, pathname, searchParams } = new URL(realUrl)
    const user = decodeURIComponent(username)
    const authSource = searchParams.get('authSource') ?? 'admin'
    const settings = {
      kind: 'mongodb',
      host,
      port: Number(port || 27017),
      database: pathname.slice(1),
      user,
      authSource,
      certificate: '',
    } as const
    const client = await new MongoClient(realUrl, { directConnection: true }).connect()
    const db = client.db(settings.database)
    const made = new Set<string>()
    return {
      connector: (lake) => openMongodb(settings, decodeURIComponent(password), { lake, allowed: ['*'], care: undefined }),
      async put(name, documents) {
        made.add(name)
        await db.collection(name).deleteMany({})
        await db.collection(name).insertMany(documents)
      },
      async close() {
        for (const name of made) await db.collection(name).drop()
        await client.close()
      },
    }
  })
else console.log('not run: MongoDB, for want of DATONG_TEST_MONGODB')
