"""People who may log in: their names, their passwords, their sessions."""

from sentinel.accounts.stored import StoredAccounts as StoredAccounts
