"""What agencies see: the acknowledge pages behind the links in letters."""
