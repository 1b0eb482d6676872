import type { SourceSettings } from '#contract/ingestion.ts'
import type { Connector } from '../connector.ts'
import type { DriverDatabase } from '../driver/driver-database.ts'
import { type DriverAccess, openDriverSource } from '../driver/driver-source.ts'
import { checkMongodb } from './check-mongodb.ts'
import { connectMongodb } from './connect-mongodb.ts'
import { listCollections, selectColumns, selectDeclared, selectStamp } from './mongodb-catalog.ts'
import { asMongodbError } from './mongodb-error.ts'
import { mongodbStatements, type MongodbStatement } from './mongodb-statements.ts'
import type { FieldColumn } from './sample-columns.ts'

type Settings = Extract<SourceSettings, { kind: 'mongodb' }>

/** MongoDB 4.4 and later, by the official driver. Run against a server of our own only, which speaks its protocol. */
export const openMongodb = (settings: Settings, secret: string, access: Omit<DriverAccess, 'host' | 'port'>): Connector =>
  openDriverSource(mongodb(settings, secret), { ...access, host: settings.host, port: settings.port })

const mongodb = (settings: Settings, secret: string): DriverDatabase<FieldColumn, MongodbStatement> => ({
  statements: mongodbStatements,
  connect: (target, seconds) => connectMongodb(target, settings, secret, seconds),
  check: checkMongodb,
  objects: listCollections,
  columns: selectColumns,
  declared: selectDeclared,
  stamp: selectStamp,
  asError: asMongodbError,
})
