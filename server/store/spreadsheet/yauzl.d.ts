/** The part of yauzl 3 that xlsx-archive.ts uses; the package ships no types. */
declare module 'yauzl' {
  import type { Readable } from 'node:stream'
  export interface Entry {
    fileName: string
    compressedSize: number
    uncompressedSize: number
    compressionMethod: number
    isEncrypted(): boolean
    canDecodeFileData(): boolean
  }
  export interface ZipFile {
    entryCount: number
    eachEntry(): AsyncIterable<Entry>
    openReadStreamPromise(entry: Entry): Promise<Readable>
    close(): void
  }
  export interface Options {
    autoClose?: boolean
    strictFileNames?: boolean
    validateEntrySizes?: boolean
  }
  export function openPromise(path: string, options?: Options): Promise<ZipFile>
}
