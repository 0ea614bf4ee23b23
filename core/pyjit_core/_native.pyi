from types import CodeType, FunctionType, MethodType
from typing import Any, Literal, TypeAlias, TypedDict

# What has a code object behind it.
Compilable: TypeAlias = (
    FunctionType | MethodType | CodeType | classmethod[Any, ..., Any] | staticmethod[..., Any]
)

class Stats(TypedDict):
    compiled: int
    recompiles: int
    postponed: int
    refused_total: int
    entries: int
    guard_failures: int
    slow_paths: int
    deopts: int
    handled: int
    unwound: int
    thrown: int
    boxed_floats: int
    boxed_ints: int
    rebuilt_borrowed: int
    outlived_frames: int
    abandoned_generators: int
    pending_calls: int
    outgrown: int
    bytecodes_compiled: int
    code_bytes: int
    compile_nanoseconds: int
    refused: dict[str, int]
    compile_seconds: float
    code_memory_bytes: int
    data_bytes: int
    ns_per_bytecode: float
    bytes_per_bytecode: float

class BuildInfo(TypedDict):
    version: str
    build_id: str
    build_type: str
    arch: str
    python: str
    python_headers: str
    faults: bool
    fault_names: tuple[str, ...]
    fault_table: tuple[tuple[str, str, str, str], ...]

def enable() -> None: ...
def disable() -> None: ...
def is_enabled() -> bool: ...
def compile(code: Compilable | Any, /) -> bool: ...  # noqa: A001 -- see pyjit_core
def is_compiled(code: Compilable | Any, /) -> bool: ...
def stats() -> Stats: ...
def event_names() -> tuple[str, ...]: ...
def events() -> dict[int, int]: ...
def reset_events() -> None: ...
def executed() -> list[tuple[str, str]]: ...
def reset_executed() -> None: ...
def stopped_at() -> tuple[str, str, int, str, str] | None: ...
def disassemble(
    code: Compilable | Any, arch: Literal["x86_64", "aarch64"] | None = None
) -> str: ...
def config_get(name: str, /) -> int | str: ...
def config_set(name: str, value: int | str, /) -> None: ...
def config_table() -> tuple[tuple[str, str, int | str, int | None, int | None, str], ...]: ...
def build_info() -> BuildInfo: ...
def run_main(
    kind: Literal["script", "command", "module", "main", "stdin"], target: str, /
) -> None: ...
