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
  'security.stays_at_source': {
    zh: '该目录为逻辑接入，数据留在源端，不能整体导出。请按条件分页查询。',
    en: 'The data of this entry stay at their source and cannot be exported as a whole. Read them page by page.',
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
  'security.wrong_old_password': {
    zh: '原口令不正确，口令没有修改。请核对后重试；连续 5 次错误将锁定 15 分钟。',
    en: 'The old password is wrong; nothing was changed. Five failures lock the account for 15 minutes.',
  },
  'security.password_simple': {
    zh: '新口令过于简单。请混用大写字母、小写字母、数字和符号中的三类，避开常见词和连续重复的字符；或使用 20 个字符以上的短语。',
    en: 'Too simple. Mix three of capital letters, small letters, digits and signs, avoid common words and repetitions, or use a phrase of 20 characters.',
  },
  'security.password_has_name': {
    zh: '新口令不能包含登录名，请换一个。',
    en: 'The password must not contain the login name. Choose another.',
  },
  'security.password_used': {
    zh: '新口令与最近 5 次使用过的口令相同，请换一个。',
    en: 'This is one of your last five passwords. Choose another.',
  },
  'security.uscc_check_digit': {
    zh: '统一社会信用代码的校验位不正确，请对照登记证照逐位核对。',
    en: 'The check digit of the USCC is wrong. Compare it with the certificate.',
  },
  'security.org_parent': {
    zh: '上级机构不存在、已停用，或是本机构的下级。请重新选择上级机构。',
    en: 'The parent does not exist, is inactive, or stands below this organisation. Choose another.',
  },
  'security.org_taken': {
    zh: '机构名称或统一社会信用代码与“{name}”重复。请核对；如该机构已停用，可恢复启用。',
    en: 'Name or USCC is already that of “{name}”. Check it, or activate that organisation again.',
  },
  'security.org_inactive': {
    zh: '所选机构不存在或已停用，请重新选择。',
    en: 'The organisation does not exist or is inactive. Choose another.',
  },
  'security.own_organisation': {
    zh: '不能停用您当前所代表的机构，请由其他机构的系统管理员办理。',
    en: 'You cannot deactivate the organisation you act for. Ask a system administrator of another one.',
  },
  'security.login_taken': {
    zh: '登录名“{loginName}”已被使用（不区分大小写和全半角），请换一个。',
    en: 'The login name “{loginName}” is taken, case and width aside. Choose another.',
  },
  'security.own_account': {
    zh: '不能对自己的账号进行此操作。修改口令请使用“修改口令”，停用请由其他管理员办理。',
    en: 'Not on your own account. Change your password under “Change password”; ask another administrator to deactivate you.',
  },
  'security.own_roles': {
    zh: '不能给自己分配角色，请由另一名安全管理员办理。',
    en: 'Nobody assigns roles to himself. Ask another security administrator.',
  },
  'security.admins_separated': {
    zh: '系统管理员、安全管理员、审计管理员必须由不同的人担任（含在其他机构的任职）。此人将同时担任：{roles}。请另选人员或先取消原任职。',
    en: 'The three administrators are three persons, in all organisations together. This person would be: {roles}. Choose another, or take the other role away first.',
  },
  'security.role_wrong_org': {
    zh: '“{role}”不能在“{org}”这类机构任职，请选择相应机构。',
    en: 'The role “{role}” cannot be held at “{org}”. Choose a fitting organisation.',
  },
} as const
