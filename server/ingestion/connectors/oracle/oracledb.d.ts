/** As much of the package as connect-oracle.ts calls; it brings no types of its own. */
declare module 'oracledb' {
  interface Fetch {
    type: unknown
  }
  interface ResultSet extends AsyncIterable<(string | number | Buffer | null)[]> {
    close(): Promise<void>
  }
  interface Options {
    resultSet: true
    outFormat: number
    fetchArraySize: number
    prefetchRows: number
    fetchTypeHandler: (column: { dbType: unknown }) => Fetch | undefined
  }
  interface Connection {
    /** Milliseconds that one question and its answer may take. */
    callTimeout: number
    execute(sql: string, values: Record<string, string>): Promise<unknown>
    execute(sql: string, values: Record<string, string>, options: Options): Promise<{ resultSet?: ResultSet }>
    breakExecution(): Promise<void>
    close(options: { drop: true }): Promise<void>
  }
  namespace oracledb {
    export type { Connection }
  }
  const oracledb: {
    OUT_FORMAT_ARRAY: number
    STRING: unknown
    BUFFER: unknown
    DB_TYPE_CLOB: unknown
    DB_TYPE_NCLOB: unknown
    DB_TYPE_LONG: unknown
    DB_TYPE_LONG_NVARCHAR: unknown
    DB_TYPE_BLOB: unknown
    getConnection(options: { user: string; password: string; connectString: string }): Promise<Connection>
  }
  export = oracledb
}
