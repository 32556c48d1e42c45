/** The settings of the mail system for tests: everything in one folder, on the given ports of loopback. */

export interface Place {
  home: string
  domain: string
  imap: number
  imaps: number
  lmtp: number
  auth: number
  smtp: number
  submissions: number
}

export const dovecotSettings = ({ home, imap, imaps, lmtp, auth }: Place): string => `
base_dir = ${home}/run
instance_name = ${home}
log_path = ${home}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <${home}/certificate.pem
ssl_key = <${home}/key.pem
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:${home}/mail/%u
mail_max_userip_connections = 50
first_valid_uid = 100
imap_idle_notify_interval = 30 s
lda_mailbox_autocreate = yes
passdb {
  driver = passwd-file
  args = username_format=%u ${home}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${home}/users
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
  mailbox Archive {
    special_use = \\Archive
    auto = subscribe
  }
  mailbox Drafts {
    special_use = \\Drafts
    auto = subscribe
  }
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
    ssl = yes
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtp}
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${auth}
  }
}
`

export const postfixSettings = ({ home, domain, lmtp, auth }: Place): string => `
compatibility_level = 3.6
queue_directory = ${home}/queue
data_directory = ${home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${home}/postfix.log
maillog_file_prefixes = ${home}
alias_maps =
alias_database =
myhostname = mail.${domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = ${domain}
virtual_mailbox_maps =
virtual_transport = lmtp:inet:127.0.0.1:${lmtp}
smtpd_reject_unlisted_recipient = no
smtpd_tls_cert_file = ${home}/certificate.pem
smtpd_tls_key_file = ${home}/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${auth}
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
default_transport = error:5.1.2 no mail leaves this machine
message_size_limit = 100000000
mailbox_size_limit = 0
lmtp_destination_recipient_limit = 1
lmtp_host_lookup = native
in_flow_delay = 0
biff = no
`

export const postfixServices = ({ smtp, submissions }: Place): string => `
127.0.0.1:${smtp} inet n - n - - smtpd
127.0.0.1:${submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
pickup unix n - n 60 1 pickup
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
