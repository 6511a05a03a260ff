"""Annotator: stance and bias annotation of news."""

NAME = "Annotator"
VERSION = "0.1.0"
