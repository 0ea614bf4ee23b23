"""The part of SARIF 2.1.0 that we write: what it requires, what it allows, and its enumerations.

Reading a log into ``Log`` fails where a required property is missing, a name is
none of the standard's, or a value has another type or is out of bounds.
"""

from typing import Annotated, Any, Literal

import msgspec

Level = Literal["none", "note", "warning", "error"]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class Shape(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """An object of the standard: it allows no other properties."""


class Message(Shape):
    text: Text


class Configuration(Shape):
    level: Level


class Rule(Shape):
    id: Text
    short_description: Message
    default_configuration: Configuration
    properties: dict[str, Any]


class Driver(Shape):
    name: Text
    version: Text
    rules: list[Rule]


class Tool(Shape):
    driver: Driver


class Base(Shape):
    uri: Annotated[str, msgspec.Meta(pattern=r"^file:///[^ ]*/$")]


class Artifact(Shape):
    uri: Annotated[str, msgspec.Meta(pattern=r"^[^ ]+$")]
    uri_base_id: str = ""


class Region(Shape):
    start_line: Annotated[int, msgspec.Meta(ge=1)]
    snippet: Message | None = None


class Place(Shape):
    artifact_location: Artifact
    region: Region
    context_region: Region


class Location(Shape):
    physical_location: Place


class Result(Shape):
    message: Message
    rule_id: Text
    rule_index: Annotated[int, msgspec.Meta(ge=-1)]
    kind: Literal["notApplicable", "pass", "fail", "review", "open", "informational"]
    level: Level
    locations: list[Location]
    partial_fingerprints: dict[str, str]
    properties: dict[str, Any]


class Run(Shape):
    tool: Tool
    results: list[Result]
    original_uri_base_ids: dict[str, Base]
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    properties: dict[str, Any]


class Log(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal["2.1.0"]
    runs: list[Run]
    schema: Annotated[str, msgspec.Meta(pattern=r"^https://.*sarif-schema-2\.1\.0\.json$")] = (
        msgspec.field(name="$schema")
    )
