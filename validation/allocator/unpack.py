"""unpack.py WHEELS INTO PREFIX...: the files of a folder's wheels whose path begins with a prefix."""
import pathlib
import sys
import zipfile

for wheel in pathlib.Path(sys.argv[1]).glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(tuple(sys.argv[3:])):
                archive.extract(name, sys.argv[2])
