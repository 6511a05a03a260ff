"""What a lead says of a dataset that is to be published: its licence, who made it, how to cite it, what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.splits import Shares


@dataclass(frozen=True)
class Licence:
    """A licence by its SPDX identifier."""

    key: str
    name: str
    url: str


LICENCES: Mapping[str, Licence] = {
    licence.key: licence
    for licence in (
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution-ShareAlike 4.0",
            "https://creativecommons.org/licenses/by-sa/4.0/",
        ),
        Licence(
            "CC-BY-NC-4.0",
            "Creative Commons Attribution-NonCommercial 4.0",
            "https://creativecommons.org/licenses/by-nc/4.0/",
        ),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("ODbL-1.0", "Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        Licence(
            "PDDL-1.0", "Public Domain Dedication and License 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"
        ),
    )
}


EIGHTY_TEN_TEN = Shares()


@dataclass(frozen=True)
class Publishing:
    """What a bundle says and holds; a project remembers it.

    `version` is the lead's own name for this state; `licence` is a key of LICENCES or words of the lead's own; a
    creator is “Family, Given”, or an institution. Without `split` the articles are not parted. Without `texts` no words
    of the articles go out but titles: hashes and offsets.
    With `events` every change of a label is in it, not only the last.
    """

    version: str = ""
    licence: str = ""
    creators: tuple[str, ...] = ()
    citation: str = ""
    limits: str = ""
    texts: bool = True
    events: bool = False
    split: Shares | None = EIGHTY_TEN_TEN

    @property
    def known_licence(self) -> Licence | None:
        return LICENCES.get(self.licence)
