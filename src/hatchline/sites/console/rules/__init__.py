"""Pages of rules in the console: the library, evaluations, the matrix, what if."""
