"""The replay as one self-contained page: no request leaves it, and it is whole without script."""

from crosstell.replay.page.render import render_page as render_page
