"""Code that is suspended and resumed: generators, coroutines, asynchronous generators.

``define`` writes the functions, ``yields`` and ``awaits`` what their bodies consist of besides
ordinary statements. What the rest of a program does with them is in
``expressions.consumers``, ``statements.generators`` and the scenes.
To add a production, write a function ``(builder) -> bool`` that answers False, before it emits
anything, where it does not apply; and give it a row in the table of its file.
"""
