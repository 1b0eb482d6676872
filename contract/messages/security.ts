export const securityMessages = {
  'security.no_session': { zh: '您尚未登录，请先登录。', en: 'You are not signed in. Sign in first.' },
  'security.session_expired': { zh: '登录已超时，请重新登录。未保存的内容请先复制留存。', en: 'Your session has ended. Sign in again.' },
  'security.missing_scope': {
    zh: '您以当前机构的身份没有此项权限（{scope}）。如因工作需要，请向安全管理员申请。',
    en: 'Your role in this organisation lacks the right {scope}. Ask the security administrator.',
  },
  'security.wrong_credentials': {
    zh: '登录名或口令不正确，请核对后重试。连续 5 次错误将锁定 15 分钟。',
    en: 'Wrong login name or password. Five failures lock the account for 15 minutes.',
  },
  'security.locked': {
    zh: '登录失败次数过多，已暂时锁定，请在 {minutes} 分钟后重试，或联系安全管理员解锁。',
    en: 'Locked after too many failures. Try again in {minutes} minutes or ask the security administrator.',
  },
  'security.password_must_change': {
    zh: '您使用的是一次性口令，请先修改口令再办理业务。',
    en: 'You signed in with a one-time password. Change it first.',
  },
  'security.no_membership': {
    zh: '您未被分配到该机构，请选择您所在的机构，或联系系统管理员。',
    en: 'You do not belong to that organisation. Choose one of yours.',
  },
  'security.item_not_granted': {
    zh: '授权中没有信息项“{item}”，请只使用授权清单中的信息项。',
    en: 'The grant holds no item “{item}”. Use only items of the grant.',
  },
  'security.item_masked': {
    zh: '信息项“{item}”经过脱敏，不能作为查询条件。请改用未脱敏的信息项。',
    en: 'Item “{item}” is masked and cannot be filtered on. Use an item that is not masked.',
  },
  'security.item_unknown': {
    zh: '数据表中没有信息项“{item}”，或它被重复选择。请从当前目录的信息项中选择。',
    en: 'The table has no item “{item}”, or it is named twice. Choose from the items of the entry.',
  },
  'security.mask_unknown': {
    zh: '没有名为“{mask}”的脱敏方式，请从脱敏方式清单中选择。',
    en: 'There is no mask “{mask}”. Choose one of the list.',
  },
  'security.filter_operator': {
    zh: '信息项“{item}”的数据类型不支持这种比较，可用：{operators}。',
    en: 'The type of item “{item}” does not know this comparison. Possible: {operators}.',
  },
  'security.filter_value': {
    zh: '信息项“{item}”的比较值不符合其数据类型（{type}），请核对格式、位数和小数位。',
    en: 'The value for item “{item}” is not a value of its type ({type}). Check format, digits and decimals.',
  },
  'security.page_position': {
    zh: '翻页参数不正确，请从第一页重新查询。',
    en: 'Wrong page position or size. Start again from the first page.',
  },
  'security.secret_unreadable': {
    zh: '保存的口令无法用本机密钥打开（可能更换过服务器或密钥文件）。请重新填写口令并保存。',
    en: "The stored secret cannot be opened with this node's key. Enter it again and save.",
  },
} as const
