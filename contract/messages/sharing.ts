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
  'sharing.key_not_valid': {
    zh: '密钥“{name}”已吊销、已到期（{expiresOn}）或所属机构已停用，请重新申领密钥。',
    en: 'The key “{name}” is revoked, expired ({expiresOn}), or its organisation is closed. Apply for a new key.',
  },
  'sharing.address_not_allowed': {
    zh: '调用地址 {address} 不在该密钥登记的地址范围内，请从登记的地址调用，或申领登记了此地址的密钥。',
    en: 'The address {address} is not among those registered for this key. Call from a registered one.',
  },
  'sharing.rights_unknown': {
    zh: '平台暂时无法确认授权是否仍然有效，为安全起见没有提供数据，请 1 秒后重试。',
    en: 'Whether the grant still holds cannot be confirmed right now, so nothing was given out. Try again in a second.',
  },
  'sharing.grant_unknown': {
    zh: '没有这个授权编号，或它不属于本密钥所在的机构，请核对接口地址和所用密钥。',
    en: 'There is no such grant, or it is not held by the organisation of this key. Check the address and the key.',
  },
  'sharing.grant_not_in_effect': {
    zh: '授权 {grant} 目前不可用：{reason}。',
    en: 'The grant {grant} is not in effect: {reason}.',
  },
  'sharing.data_not_ready': {
    zh: '目录已变更或正在更新，数据暂时不可读取；{provider}完成汇聚后自动恢复，请稍后重试。',
    en: 'The entry has changed or is being loaded; {provider} has to load it again. Try again later.',
  },
  'sharing.over_quota': {
    zh: '授权 {grant} 今日 {quota} 次调用额度已用完，次日零点（北京时间）恢复；如需提高额度，请重新申请。',
    en: 'The {quota} calls of today under {grant} are used up. The quota starts again at midnight, China time.',
  },
  'sharing.no_such_filter': {
    zh: '“{item}”不能作为查询条件：请使用授权清单中未经脱敏的信息项。',
    en: '“{item}” cannot be filtered on. Use items of the grant that are shown without a mask.',
  },
  'sharing.filter_shape': {
    zh: '查询条件“{item}”应写成 {item}=运算符.值，可用运算符：{operators}。例如 {item}=eq.100。',
    en: 'Write the filter as {item}=operator.value with one of: {operators}. For example {item}=eq.100.',
  },
  'sharing.too_many_filters': { zh: '一次调用最多 {most} 个查询条件，请减少条件。', en: 'At most {most} filters in a call. Use fewer.' },
  'sharing.cursor_old': {
    zh: '数据在翻页期间已更新，原来的翻页位置失效，请从第一页重新读取。',
    en: 'The data were loaded anew while you paged. Start again from the first page.',
  },
  'sharing.not_a_sharing_body': {
    zh: '政务数据共享面向履行公共职责的机构；开发主体请通过公共数据授权运营或开放渠道申请。',
    en: 'Government data are shared among bodies with public duties. Developers use authorised operation or open data.',
  },
  'sharing.entry_not_published': {
    zh: '目录“{entry}”当前未处于已发布状态，不能申请或授权。请在目录检索中选择已发布的目录。',
    en: 'The entry “{entry}” is not published at present. Choose a published one.',
  },
  'sharing.own_entry': {
    zh: '“{entry}”由本机构提供，无需申请共享。',
    en: '“{entry}” is provided by your own organisation; there is nothing to apply for.',
  },
  'sharing.not_shared': {
    zh: '“{entry}”属于不予共享类（依据：{basis}），不能申请。如认为依据不当，请向数据主管部门提出。',
    en: '“{entry}” is not to be shared (basis: {basis}). Turn to the data authority if you doubt the basis.',
  },
  'sharing.incomplete': {
    zh: '申请有 {count} 处需要补正，请按下面的提示一次补齐后再提交（条例第二十条）。',
    en: 'The application has {count} problem(s). Complete each as listed and submit again (Order 809 art. 20).',
  },
  'sharing.period_reversed': { zh: '使用期限的结束日期早于开始日期，请调整。', en: 'The period ends before it begins. Change the dates.' },
  'sharing.period_over': {
    zh: '使用期限已经过去，请填写今天或以后的结束日期。',
    en: 'The period is over already. Choose an end from today on.',
  },
  'sharing.period_not_asked': {
    zh: '授权期限超出申请的期限（{from} 至 {to}），请在申请期限内确定。',
    en: 'The period goes beyond what was asked ({from} to {to}). Stay within it.',
  },
  'sharing.item_not_asked': {
    zh: '信息项“{item}”不在申请范围内。只能就申请的信息项作出授权；确需增加的，请退回补正。',
    en: 'The item “{item}” was not asked for. Grant only what was asked, or return the request for completion.',
  },
  'sharing.mode_not_offered': {
    zh: '平台目前以服务接口方式提供共享数据，请选择“服务接口”。',
    en: 'Shared data are delivered by API at present. Choose “API”.',
  },
  'sharing.self_review': {
    zh: '本人参与填写或审批的申请须由他人办理，请转交另一位负责人。',
    en: 'You had a hand in this request, so somebody else has to decide it.',
  },
  'sharing.no_clock': {
    zh: '该申请没有正在计时的答复时限，无需延期。',
    en: 'No reply deadline is running on this request; there is nothing to extend.',
  },
  'sharing.key_address': {
    zh: '“{address}”不是有效的 IP 地址或网段，请按 10.1.2.3 或 10.1.0.0/16 的格式填写。',
    en: '“{address}” is no address or range. Write 10.1.2.3 or 10.1.0.0/16.',
  },
  'sharing.key_expiry': {
    zh: '密钥到期日应在今天之后 {days} 天以内，请修改。',
    en: 'A key expires between today and {days} days from now. Change the date.',
  },
  'sharing.key_revoked': { zh: '该密钥已经吊销，无需再次操作。', en: 'This key is revoked already.' },
} as const
