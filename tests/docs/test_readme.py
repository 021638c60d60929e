"""The README's commands work, in their order, on a data directory of their own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.databases import Copy

ROOT = Path(__file__).parents[2]
COMMANDS = re.compile(r"```console\n(.*?)```", re.DOTALL)

FILES = {
    "items.csv": "code,name,tracking,uom,gtin,warranty_days,series\nLAPTOP,Laptop,serial,pcs,,730,\n",
    "locations.csv": "code,name,type,parent\nMAIN,Main,storage,\nDOCK,Dock,storage,MAIN\nSHOP,Shop,storage,\n",
    "parties.csv": "code,name,role\nNORDLINK,Nordlink,supplier\nHAFEN,Hafen Logistik,customer\n",
    "received.txt": "SN-0001\nSN-0002\nSN-0003\n",
    "moved.txt": "SN-0001\nSN-0002\n",
    "sold.txt": "SN-0001\n",
}


def test_the_readmes_commands_do_the_main_job(tmp_path: Path, real_db: Copy) -> None:
    # Making the tables takes longer than all the rest, and is tested elsewhere.
    (tmp_path / "data").mkdir()
    shutil.copyfile(real_db.name, tmp_path / "data" / "seriatim.sqlite3")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    [block] = COMMANDS.findall((ROOT / "README.md").read_text())
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("SERIATIM_", "DJANGO_"))
        },
        "SERIATIM_DATA_DIR": str(tmp_path / "data"),
    }
    seriatim = Path(sys.executable).with_name("seriatim")
    answers = {}
    for command in block.strip().splitlines():
        words = command.split()
        assert words[0] == "seriatim"
        done = subprocess.run(
            [seriatim, *words[1:]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        answers[words[1]] = done.stdout
    assert "Hafen Logistik" in answers["trace"]
    assert "SHOP" in answers["stock"]
