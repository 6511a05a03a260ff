"""The tables of a dataset, one module each: its columns and what they mean, and its rows."""
