"""Where the packages lie. The rest of the metadata is in pyproject.toml, which cannot say a folder's other name.

`cli/` is installed as `voyaltis_cli`. The repository shows the content at its root, where a manager looks for it; the
wheel carries it inside the package, as `voyaltis_flow/shipped`.
"""

from setuptools import find_packages, setup

CONTENT = ("flows", "styles", "catalogs")
SHIPPED = {f"voyaltis_flow.shipped.{folder}": folder for folder in CONTENT}
CLI = ["voyaltis_cli", *(f"voyaltis_cli.{name}" for name in find_packages("cli"))]

setup(
    packages=[*find_packages(include=["voyaltis_flow", "voyaltis_flow.*"]), *CLI, *SHIPPED],
    package_dir={"voyaltis_cli": "cli", **SHIPPED},
    package_data={
        "": ["*.yaml", "*.json", "*.txt", "*.csv", "*.html", "py.typed"],
        "voyaltis_flow.language": ["*/*.yaml", "*/*.txt"],
    },
)
