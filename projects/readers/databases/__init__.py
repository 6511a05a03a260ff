"""Files of newspaper databases: many articles in one, known by their content, with the database's own metadata.

Each module recognises its database and makes records of the articles. A file whose articles can't be counted on
(fewer or more than it says itself) is refused: half a corpus must not be taken for a whole one.
"""
