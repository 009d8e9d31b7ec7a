"""Before a release: project addresses into pyproject.toml, and absolute addresses for the pictures of the README."""

import sys
from pathlib import Path

repository, tag = sys.argv[1:]
home = f"https://github.com/{repository}"
pictures = f"https://raw.githubusercontent.com/{repository}/{tag}/docs/pictures/"

readme = Path("README.md")
readme.write_text(readme.read_text(encoding="utf-8").replace("](docs/pictures/", f"]({pictures}"), encoding="utf-8")

project = Path("pyproject.toml")
urls = f"""[project.urls]
Homepage = "{home}"
Source = "{home}"
Issues = "{home}/issues"
Changelog = "{home}/blob/{tag}/CHANGELOG.md"

"""
text = project.read_text(encoding="utf-8")
project.write_text(text.replace("[project.scripts]", urls + "[project.scripts]"), encoding="utf-8")
