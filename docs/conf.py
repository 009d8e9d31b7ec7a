"""Settings of the documentation site."""

from iop_analysis import __version__

project = "iop_analysis"
author = "The iop_analysis contributors"
copyright = "2026, the iop_analysis contributors"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = False
napoleon_use_rtype = False
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "iop_analysis"
exclude_patterns = ["_build", "make_pictures.py", "make_headings.py", "make_api.py"]
nitpicky = True
# Types of pandas and numpy have pages of their own elsewhere, which are not asked for while this is built.
nitpick_ignore_regex = [("py:.*", ".*")]
