"""--data: the option of every command that works on a directory, and the settings that follow from it."""

from __future__ import annotations

from pathlib import Path

import click

from platforma.settings import Settings, folder_settings, load_settings

DATA = "platforma.data"
"""The key under which a command's context holds the folder that --data names."""
WITHOUT_DATA = ("setup", "demo", "demo-sites", "discover", "analyze", "match")
"""Commands that use no directory, or make one of their own."""


def add_data_option(group: click.Group) -> None:
    """Give every command that works on a directory the option --data, which goes before the settings."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            add_data_option(command)
        if name not in WITHOUT_DATA and (not isinstance(command, click.Group) or command.invoke_without_command):
            kind = click.Path(path_type=Path, file_okay=False)
            text = "The folder of the directory to work on, with its database and index, in place of the settings'."
            command.params.append(click.Option(["--data"], type=kind, help=text, expose_value=False, callback=_keep_data))


def chosen_settings() -> Settings:
    """The settings of the environment, or of the folder that --data names."""
    folder: Path | None = click.get_current_context().meta.get(DATA)
    return folder_settings(folder) if folder else load_settings()


def _keep_data(ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    if folder is not None:  # a command may have it from its group
        ctx.meta[DATA] = folder
