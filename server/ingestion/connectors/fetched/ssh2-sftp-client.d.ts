/** As much of the package as sftp.ts calls; it brings no types of its own. */
declare module 'ssh2-sftp-client' {
  import type { Socket } from 'node:net'
  import type { Readable } from 'node:stream'
  interface FileInfo {
    type: string
    name: string
    size: number
    /** Milliseconds since 1970, to the second. */
    modifyTime: number
  }
  interface ConnectOptions {
    sock: Socket
    host: string
    port: number
    username: string
    password?: string
    privateKey?: string
    readyTimeout: number
    /** The key that the server shows, as it stands on the wire. */
    hostVerifier: (key: Buffer) => boolean
  }
  class SftpClient {
    constructor(name: string, callbacks?: { error?: (error: Error) => void; end?: () => void; close?: () => void })
    connect(options: ConnectOptions): Promise<unknown>
    list(path: string): Promise<FileInfo[]>
    createReadStream(path: string, options: { start: number; highWaterMark: number }): Readable
    end(): Promise<boolean>
  }
  export = SftpClient
}
