"""`sentinel rules`: what an engineer does with rules; a command or two a file."""

from __future__ import annotations

import typer

from sentinel.cli.rules import checking, covering, explaining, importing, listing

app = typer.Typer(help="Detection rules.", no_args_is_help=True)
app.command("list")(listing.list_)
app.command("check")(checking.check)
app.command("test")(listing.examples)
app.command("explain")(explaining.explain)
app.command("import")(importing.import_)
app.command("coverage")(covering.coverage)
