"""The demo company: a year of a dealer and repairer of laptops, phones, batteries and spare parts.

Everything is invented: the firm, its people, its brands. All of it is written through the services, as a door
would write it, so whatever the demo holds can also be done by hand.
"""

from seriatim.demo.loading import FEWEST_UNITS, DemoResult, load, logins_here
from seriatim.demo.people import LOGINS, Login

__all__ = ["FEWEST_UNITS", "LOGINS", "DemoResult", "Login", "load", "logins_here"]
