"""A package of its own, as a function's modules may have any other name."""
