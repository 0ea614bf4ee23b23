"""Pure-Python parts of the standard library, hot: JSON with indent, re, textwrap.

Code that nobody wrote for this test: many branches, nested closures, default
arguments as fast locals, exceptions for control flow.
"""

import json
import re
import string
import textwrap

LOG = []

DOCUMENT = {
    "name": "caf\u00e9",
    "values": [1, 2.5, None, True, -0.0, 1e20],
    "nested": {"a": [], "b": {}},
    "text": 'line\nbreak\t"quoted"',
}


def encode(document):
    return json.dumps(document, indent=2, sort_keys=True), json.dumps(
        document, separators=(",", ":")
    )


def decode(text):
    return json.loads(text, parse_float=lambda s: ("float", s), object_pairs_hook=list)


def tokens(text):
    out = []
    for match in re.finditer(r"(?P<number>\d+)|(?P<word>\w+)|(?P<op>[-+*/()])", text):
        out.append((match.lastgroup, match.group()))
    return out


def substitute(text):
    return re.sub(r"(\w)(\w*)", lambda m: m.group(2) + m.group(1) + "ay", text)


def wrapped(text):
    return (
        textwrap.wrap(text, width=24),
        textwrap.dedent("    a\n      b\n"),
        textwrap.shorten(text, 30),
    )


def template(n):
    return string.Template("$name has ${n} of $$ and $missing").safe_substitute(name="x", n=n)


def main():
    out = []
    for i in range(4):
        pretty, compact = encode({**DOCUMENT, "i": i})
        out = [
            pretty,
            compact,
            decode(compact),
            tokens(f"12 + foo*(3-{i})"),
            substitute("hello big world"),
            wrapped("the quick brown fox jumps over the lazy dog and runs away"),
            template(i),
        ]
    for bad in ('{"a": }', "[1, 2", "", "nul", '{"a" 1}'):
        try:
            json.loads(bad)
        except json.JSONDecodeError as error:
            out.append((error.msg, error.pos, error.lineno, error.colno))
    try:
        json.dumps({"x": {1, 2}})
    except TypeError as error:
        out.append(str(error))
    try:
        re.compile("(unclosed")
    except re.error as error:
        out.append((error.msg, error.pos))
    return out


RESULT = main()
