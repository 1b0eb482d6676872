import { pick, type Random } from './generate.ts'

/** Names that belong to nobody: common surnames with given names of rare letters, streets and firms of made-up syllables. */

const surnames = [
  ...'陈林黄张李王吴刘蔡杨许郑谢郭洪叶庄曾苏周赵徐孙朱高何罗宋梁沈唐冯邓曹彭潘袁蒋余杜魏程吕丁任姚卢钟姜崔谭陆范汪廖石金韦贾夏付方白邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵',
]
const doubleSurnames = ['欧阳', '上官', '司徒', '诸葛']
const given = [...'翎朔霁漪筠莞旎琬璟砚穗羿苒荻菀葭蓁蘅谧邈霏韫骁岑峤嵘泠浔淞渟湜溯滢澍煦熠珩栩棠楹槿樾氤汐沅洛湄湉']
/** Some people's letters are outside the first plane of Unicode; systems that cut strings in half are found with them. */
const rareGiven = ['𬍛', '𫖯', '𬭎', '𠅤']

export function inventName(random: Random): string {
  const surname = random(200) === 0 ? pick(random, doubleSurnames) : pick(random, surnames)
  const second = random(300) === 0 ? pick(random, rareGiven) : pick(random, given)
  return surname + pick(random, given) + (random(100) < 88 ? second : '')
}

const first = [...'榕汀鹭岚澄霁禾桐汐翎砚穗']
const second = [...'澜坪湾洲岭浦屿溪岗洋泽麓']

/** A street address inside a district, down to the room. */
export const inventAddress = (random: Random, cityAndDistrict: string): string =>
  `${cityAndDistrict}${pick(random, first)}${pick(random, second)}${pick(random, ['路', '街', '巷', '里'])}${1 + random(400)}号${1 + random(30)}0${1 + random(6)}室`

/** Three syllables that make no word. */
export const inventBrand = (random: Random): string => pick(random, first) + pick(random, given) + pick(random, second)
