export const sharingMessages = {
  'sharing.unsigned': {
    zh: '调用共享接口需要签名。请用密钥（AK/SK）按接口文档签名后再调用。',
    en: 'Shared APIs take signed calls. Sign with your AK/SK as the API document describes.',
  },
  'sharing.signature_header': {
    zh: '签名所需的请求头 {header} 缺失或格式不对，请对照接口文档检查。',
    en: 'The header {header} that the signature needs is missing or malformed.',
  },
  'sharing.signature_method': {
    zh: '不支持签名算法 {method}，请使用 HmacSHA256 或 ACS3-HMAC-SM3。',
    en: 'Signature method {method} is not supported. Use HmacSHA256 or ACS3-HMAC-SM3.',
  },
  'sharing.signature_covers': {
    zh: '签名必须覆盖请求头 {header}，请把它加入签名头列表。',
    en: 'The signature must cover the header {header}.',
  },
  'sharing.clock_skew': {
    zh: '请求时间与平台时间相差 {skew} 秒，超过允许的 {limit} 秒。平台时间为 {serverTime}，请校准调用方时钟。',
    en: 'The request time is {skew} s off; the limit is {limit} s. Server time is {serverTime}. Set your clock.',
  },
  'sharing.wrong_signature': {
    zh: '密钥不存在或签名不正确，请核对 AK、SK 和签名步骤；若密钥已吊销，请重新申领。',
    en: 'Unknown key or wrong signature. Check AK, SK and the signing steps.',
  },
  'sharing.weak_signature': {
    zh: '这种签名方式不覆盖请求内容，只允许限定了调用地址的密钥使用。请为密钥登记调用地址，或改用 x-ca-* / ACS3 签名。',
    en: 'This form of signature does not cover the request; it needs a key with an address list. Use x-ca-* or ACS3.',
  },
  'sharing.replayed': {
    zh: '这个请求已经使用过（随机数重复）。每次调用都要用新的随机数重新签名。',
    en: 'This request was used before (same nonce). Sign every call with a new nonce.',
  },
} as const
