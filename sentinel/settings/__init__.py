"""What a person may set: sentinel.yml, the registry of agencies, the policy.

Three files, one way: text with places -> checked model -> frozen value. Whoever gets a value from
here may trust it; whoever wrote the file learns every fault at once, with its line.
"""

from sentinel.settings.file import InputSettings as InputSettings
from sentinel.settings.file import LogFormat as LogFormat
from sentinel.settings.file import LogLevel as LogLevel
from sentinel.settings.file import MailSettings as MailSettings
from sentinel.settings.file import PublicSettings as PublicSettings
from sentinel.settings.file import Settings as Settings
from sentinel.settings.file import SocSettings as SocSettings
from sentinel.settings.file import Tls as Tls
from sentinel.settings.load import load_settings as load_settings
from sentinel.settings.policy import load_policy as load_policy
from sentinel.settings.registry import load_agencies as load_agencies
