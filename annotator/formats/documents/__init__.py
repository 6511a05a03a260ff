"""Rounds as documents in the formats of other tools; each module gives the files of one round."""
