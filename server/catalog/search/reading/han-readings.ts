// How Han characters are read: toneless pinyin, `ü` spelt `v`, as typed on a keyboard.
import { pinyin, polyphonic } from 'pinyin-pro'

const STYLE = { type: 'array', toneSandhi: false } as const
// Input methods take both spellings of these two syllables.
const SECOND_SPELLING: Record<string, string> = { lve: 'lue', nve: 'nue' }
const REMEMBERED_RUNS = 5_000

/** Runs of Han characters; a reading never depends on what stands outside its run. */
export const HAN_RUN = /\p{Script=Han}+/gu

const runs = new Map<string, string[]>()

/** The reading of each code point of a Han run in its context, '' where none is known. */
export function readRun(run: string): string[] {
  let readings = runs.get(run)
  if (readings === undefined) {
    readings = pinyin(run, STYLE).map(toSyllable)
    if (runs.size >= REMEMBERED_RUNS) runs.clear()
    runs.set(run, readings)
  }
  return readings
}

/** Every reading of one character. The context decides wrongly at times (长汀, 乐清), so these find what it missed. */
export function listReadings(character: string): string[] {
  const readings = (polyphonic(character, STYLE)[0] ?? []).map(toSyllable).filter((syllable) => syllable !== '')
  return [...new Set(readings.flatMap((syllable) => [syllable, SECOND_SPELLING[syllable] ?? syllable]))]
}

const syllables = new Map<string, string>()

/** 'lǜ' → 'lv'; what is not a reading → ''. */
function toSyllable(reading: string): string {
  let syllable = syllables.get(reading)
  if (syllable === undefined) {
    const letters = reading
      .normalize('NFD')
      .replaceAll('u\u0308', 'v')
      .replaceAll(/[\u0300-\u036f]/g, '')
    syllable = /^[a-z]+$/.test(letters) ? letters : ''
    syllables.set(reading, syllable)
  }
  return syllable
}
