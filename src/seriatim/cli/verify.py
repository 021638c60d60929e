"""`seriatim verify`: is everything as the movements say?"""

from __future__ import annotations

import typer

from seriatim.cli.app import REFUSED, app
from seriatim.cli.door import JsonOption, answer, answer_json, door, note, progress, shown_progress


@app.command()
def verify(as_json: JsonOption = False) -> None:
    """Recompute every unit's state, every balance and every chain from the movements, and name each difference.

    Files are read and compared with what they were when they were brought.

    Changes nothing, and may run while others work. Exits with 1 if there is a difference.
    """
    with door(as_json=as_json):
        from seriatim.documents.verify import CODES
        from seriatim.documents.verify import verify as differences
        from seriatim.files.selectors import damaged

        found = 0
        said = []
        with progress() as bar:
            for difference in differences(shown_progress(bar, "Verifying")):
                found += 1
                if as_json:
                    said.append(
                        {
                            "code": difference.code,
                            "subject": difference.subject,
                            "expected": difference.expected,
                            "found": difference.found,
                        }
                    )
                else:
                    # As they are found: a damaged database may have a million of them.
                    answer(
                        f"{difference.subject}: {CODES[difference.code]}; "
                        f"expected {difference.expected}, found {difference.found}"
                    )
        for file in damaged():
            found += 1
            subject = f"file {file.name} of {file.subject} {file.subject_id}"
            if as_json:
                said.append(
                    {
                        "code": f"file_{file.what}",
                        "subject": subject,
                        "expected": "as it was brought",
                        "found": file.what,
                    }
                )
            else:
                answer(f"{subject}: its content is {file.what}")
        if as_json:
            answer_json({"differences": said})
        elif not found:
            answer("Everything is as the movements say.")
        else:
            note(f"{found:,} differences.")
        if found:
            raise typer.Exit(REFUSED)
