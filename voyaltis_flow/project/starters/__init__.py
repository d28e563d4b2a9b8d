"""What a new project and a new file begin with. `NAME`, `CATALOG` and `STYLE` are put in when they are written."""
