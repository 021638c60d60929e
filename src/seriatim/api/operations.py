"""How a path is declared: its right, its parameters, its answer. What is not declared does not exist.

A ``Resource`` collects the operations of one noun. Each says which right it takes; one that leaves it to a service
(documents: the right is the kind's) says so by name, and a test finds every path that says nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ninja import Router

from seriatim.api.json_reader import Fold, Way

View = TypeVar("View", bound=Callable[..., Any])

#: The right is that of the document's kind (and "reverse", "override"): the service knows.
BY_KIND = "by kind"
#: The right is that of changing the thing that it is about: the service knows.
BY_THING = "by thing"
#: What everybody may do who is known.
ANYBODY = "anybody"
#: What the frame does not ask for.
UNASKED = frozenset({BY_KIND, BY_THING, ANYBODY})
READS = frozenset({"GET", "HEAD"})
#: A file, whatever it is.
FILE = "application/octet-stream"
BINARY = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """What only few operations are."""

    #: Whether its body is a file as it is, not JSON.
    raw: bool = False
    #: Media types of files that it is answered with.
    gives: tuple[str, ...] = ()
    #: Whether its view sees to an Idempotency-Key itself: its answer is a file, or holds a secret, and neither is kept.
    own_once: bool = False
    #: A second status that the same is answered with, where its view says so.
    also: int = 0
    #: What is made of the elements of long arrays in its body as they come (``json_reader``).
    folds: Mapping[Way, Fold] = field(default_factory=dict)


_ORDINARY = Special()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path, as declared."""

    method: str
    #: Below /api/v1, with its parameters in braces.
    path: str
    takes: str
    #: The names of all parameters behind the question mark.
    query: frozenset[str]
    #: Whether it is answered as CSV and NDJSON too.
    streams: bool = False
    special: Special = _ORDINARY

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method not in READS


#: (method, path) → its declaration, for all paths of the door.
OPERATIONS: dict[tuple[str, str], Operation] = {}


class Resource:
    """The operations of one noun."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.router = Router(tags=[noun])

    def get(self, path: str, **more: Any) -> Callable[[View], View]:
        """Declare a look-up."""
        return self._declared("GET", path, **more)

    def post(self, path: str, **more: Any) -> Callable[[View], View]:
        """Declare something that is done, or made."""
        return self._declared("POST", path, **more)

    def patch(self, path: str, **more: Any) -> Callable[[View], View]:
        """Declare a change of what is named, leaving the rest."""
        return self._declared("PATCH", path, **more)

    def put(self, path: str, **more: Any) -> Callable[[View], View]:
        """Declare that the whole is replaced."""
        return self._declared("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Callable[[View], View]:
        """Declare a removal."""
        return self._declared("DELETE", path, **more)

    def _declared(
        self,
        method: str,
        path: str,
        *,
        takes: str,
        answers: Any,
        status: int = 200,
        query: Mapping[str, Mapping[str, Any]] | None = None,
        streams: bool = False,
        special: Special = _ORDINARY,
        **more: Any,
    ) -> Callable[[View], View]:
        """Declare an operation.

        ``query`` are parameters behind the question mark that the view reads itself, name → JSON schema; those
        of its signature are found.
        """
        extra: dict[str, Any] = {"x-takes": takes, "x-streams": streams, "x-gives": special.gives}
        if special.raw:
            extra["requestBody"] = {"required": True, "content": {FILE: {"schema": BINARY}}}
        if query:
            extra["parameters"] = [
                {"in": "query", "name": name, "required": False, "schema": dict(schema)}
                for name, schema in query.items()
            ]

        def declare(view: View) -> View:
            self.router.add_api_operation(
                path,
                [method],
                view,
                response={one: answers for one in (status, special.also) if one},
                operation_id=f"{self.noun.lower().replace(' ', '_')}_{view.__name__.rstrip('_')}",
                summary=(view.__doc__ or "").partition("\n")[0].rstrip("."),
                openapi_extra=extra,
                # What a reader may not see, or did not ask for, is absent; null is said where nothing is known.
                exclude_unset=True,
                by_alias=True,
                **more,
            )
            declared = self.router.path_operations[path].operations[-1]
            found = {
                name
                for model in declared.models
                if model.__ninja_param_source__ == "query"
                for name in model.__ninja_flatten_map__
            }
            OPERATIONS[method, path] = Operation(
                method=method,
                path=path,
                takes=takes,
                query=frozenset(found | set(query or ())),
                streams=streams,
                special=special,
            )
            return view

        return declare
