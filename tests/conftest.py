"""How far properties are tested: see `sampling`."""

from sampling import register

register()
