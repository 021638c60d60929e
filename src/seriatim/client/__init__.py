"""A client of the API, for programs in Python: typed, small, and safe to repeat.

```python
from seriatim.client import Client

with Client("https://inventory.example.com", token="srt_…") as seriatim:
    receipt = seriatim.documents.post_new(
        kind="purchase_receipt",
        party="NORDLINK",
        lines=[{"item": "RTR-900", "to": "DOCK-1", "serials": "SN-0001..SN-0005", "unit_cost": "120.50"}],
    )
    for unit in seriatim.units.all(location="DOCK-1", disposition="available"):
        print(unit["serial"])
```

Knows the paths and shapes of `docs/api.md`, and nothing of Django or the database.
"""

from seriatim.client.client import Client
from seriatim.client.connection import Record
from seriatim.client.problems import NoAnswer, Problem, Wrong

__all__ = ["Client", "NoAnswer", "Problem", "Record", "Wrong"]
