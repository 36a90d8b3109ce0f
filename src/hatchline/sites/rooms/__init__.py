"""Pages of premises, spaces, occupancies and idle property, mounted by console and desk. See README.md."""
