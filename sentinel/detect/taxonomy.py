"""The words of Sigma's logsources in use: one that is not here is somebody's own.

Nobody but its author knows which events a word like `product: our_mail_gateway` means, so such a
word keeps a rule from no event (`route.py`). Taken from the Sigma taxonomy (appendix of the
specification) and the logsources of the public rules.
"""

from __future__ import annotations

PRODUCTS = frozenset(
    (
        *("apache", "aws", "azure", "bitbucket", "cisco", "django", "fortigate", "fortios", "gcp"),
        *("github", "huawei", "juniper", "jvm", "kubernetes", "linux", "m365", "macos", "nginx"),
        *("nodejs", "okta", "onelogin", "opencanary", "paloalto", "python", "qualys"),
        *("rpc_firewall", "ruby_on_rails", "spring", "sql", "velocity", "windows", "zeek"),
    )
)

CATEGORIES = frozenset(
    (
        *("antivirus", "appliance", "application", "clipboard_capture", "create_remote_thread"),
        *("create_stream_hash", "database", "dns", "dns_query", "driver_load", "file_access"),
        *("file_block_executable", "file_block_shredding", "file_change", "file_delete"),
        *("file_event", "file_executable_detected", "file_rename", "firewall", "image_load"),
        *("network_connection", "pipe_created", "process_access", "process_creation"),
        *("process_tampering", "process_termination", "proxy", "ps_classic_provider_start"),
        *("ps_classic_script", "ps_classic_start", "ps_module", "ps_script", "raw_access_read"),
        *("raw_access_thread", "registry_add", "registry_delete", "registry_event"),
        *("registry_rename", "registry_set", "sysmon_error", "sysmon_status", "webserver"),
        "wmi_event",
    )
)

SERVICES = frozenset(
    (
        *("aaa", "access", "activitylogs", "apache", "application", "applocker"),
        *("appmodel-runtime", "appxdeployment-server", "appxpackaging-om", "audit", "auditd"),
        *("auditlogs", "auth", "bgp", "bitlocker", "bits-client", "capi2"),
        *("certificateservicesclient-lifecycle-system", "clamav", "cloudtrail"),
        *("codeintegrity-operational", "conn", "cron", "dce_rpc", "dhcp", "diagnosis-scripted"),
        *("dns", "dns-client", "dns-server", "dns-server-analytic", "dns-server-audit"),
        *("driver-framework", "duo", "event", "exchange", "files", "firewall-as", "gcp.audit"),
        *("globalprotect", "google_workspace.admin", "google_workspace.login", "guacamole", "http"),
        *("iis-configuration", "kerberos", "ldap", "ldap_debug", "ldp", "lsa-server"),
        *("microsoft-servicebus-client", "msexchange-management", "nginx", "ntlm", "okta"),
        *("onelogin.events", "openssh", "pam", "pim", "powershell", "powershell-classic"),
        *("printservice-admin", "printservice-operational", "rdp", "riskdetection", "security"),
        *("security-mitigations", "sense", "shell-core", "signinlogs", "smb_files"),
        *("smb_mapping", "smbclient-connectivity", "smbclient-security", "smbserver-connectivity"),
        *("sshd", "sslvpnd", "su", "sudo", "sysmon", "syslog", "system", "taskscheduler"),
        *("terminalservices-localsessionmanager", "threat_detection", "threat_management"),
        *("vhdmp", "vsftpd", "windefend", "wmi", "x509"),
    )
)
