"""Every error a person can meet, in one tree.

ICGraphError
├── InputError               what was given cannot be used             400, exit 2
│   ├── SyntaxInvalid        RDF or SPARQL text that does not parse    400
│   ├── FileUnusable         a file is missing, empty or unreadable    400
│   ├── SettingInvalid       unknown setting, or a value out of range  400
│   ├── QueryRefused         the policy refuses the query              400
│   ├── QueryIdTaken         a query with this id is running           409
│   └── FormatNotOffered     none of the accepted formats exists       406
├── NotFound                 nothing has this address                  404
├── RecordWithdrawn          there was a record; it has left the graph 410
├── StillLinked              other records link to it: not withdrawn   409, exit 1
├── ChangedSince             later changes are in the way of a revert  409, exit 1
├── TokenNeeded              the request needs a token, or another     401
├── ScopeMissing             the token does not allow this             403
├── MethodNotAllowed         the address does not take this method     405
├── PreconditionFailed       a header says to do it only if…, and not so   412
├── MediaTypeUnsupported     the body is of a kind not taken here      415
├── BodyTooLarge             more text than the limit allows           413
├── GraphInvalid             SHACL Violations: refused                 422, exit 1
├── LimitExceeded            a named limit was reached
│   ├── TimeLimitExceeded    the query ran longer than allowed         503
│   ├── MemoryLimitExceeded  the query needed more memory than allowed 503
│   ├── ResultTooLarge       the result is larger than allowed         503
│   ├── BodyLate             the body of a request came too slowly     408
│   ├── SpoolFull            large results fill the place they have    503
│   ├── RateExceeded         a client takes more than its share        429
│   └── QueueFull            too many queries wait                     503
├── QueryStopped             somebody asked for the query to be stopped 409
├── WorkerDied               a worker ended; only its own task is lost 500
├── ServiceNotReady          no revision can be read yet               503
│   └── BeingMade            what is asked for is made, but not yet    503
└── HomeError                the home directory cannot be used         exit 2
    ├── HomeUnwritable
    ├── HomeLocked           another process serves from this home
    ├── LogDamaged           the change log is not what was written
    ├── HeadMoved            another change was accepted meanwhile     409
    └── AddressUnavailable   the port is taken or the host is not ours

An error says what happened (`detail`), and what to do (`advice`). The web layer turns
it into problem+json or a page, the command line into two lines and an exit code.
"""

from collections.abc import Iterator
from typing import Any, ClassVar


class ICGraphError(Exception):
    """The root: `detail` is a sentence for people, `advice` says how to mend it.

    `members` are extra facts for machines (RFC 9457, section 3.2), JSON values only.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 2
    title: ClassVar[dict[str, str]] = {
        "en": "Something went wrong",
        "fr": "Une erreur est survenue",
    }

    def __init__(self, detail: str, *, advice: str = "", **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice
        self.members = members

    def __str__(self) -> str:
        return f"{self.detail} {self.advice}".strip()

    def to_json(self) -> dict[str, Any]:
        """The error as JSON values, for another process; `from_json` makes it again."""
        return {
            "code": self.code,
            "detail": self.detail,
            "advice": self.advice,
            "members": self.members,
        }


class InputError(ICGraphError):
    """What was given cannot be used."""

    code = "input-invalid"
    status = 400
    title = {"en": "The request cannot be used", "fr": "La demande est inutilisable"}


class SyntaxInvalid(InputError):
    """RDF or SPARQL text that does not parse; members may hold `line` and `column`, from 1."""

    code = "syntax-invalid"
    title = {"en": "The text does not parse", "fr": "Le texte est mal formé"}


class FileUnusable(InputError):
    """A file is missing, empty, unreadable or of an unknown kind."""

    code = "file-unusable"
    title = {"en": "The file cannot be used", "fr": "Le fichier est inutilisable"}


class SettingInvalid(InputError):
    """A setting is unknown or its value is out of range."""

    code = "setting-invalid"
    title = {"en": "A setting is wrong", "fr": "Un réglage est incorrect"}


class QueryRefused(InputError):
    """The policy of the service refuses the query."""

    code = "query-refused"
    title = {"en": "The query is not allowed", "fr": "La requête n’est pas autorisée"}


class QueryIdTaken(InputError):
    """A query with this id is running already."""

    code = "query-id-taken"
    status = 409
    title = {"en": "This id is in use", "fr": "Cet identifiant est déjà utilisé"}


class FormatNotOffered(InputError):
    """None of the accepted formats is offered; the member `offered` lists those that are."""

    code = "format-not-offered"
    status = 406
    title = {"en": "This format is not offered", "fr": "Ce format n’est pas proposé"}


class NotFound(ICGraphError):
    """Nothing has this address."""

    code = "not-found"
    status = 404
    title = {"en": "Not found", "fr": "Introuvable"}


class RecordWithdrawn(ICGraphError):
    """There was a record here; its members say when and why it left, and what replaced it."""

    code = "record-withdrawn"
    status = 410
    title = {"en": "This record was withdrawn", "fr": "Cette fiche a été retirée"}


class StillLinked(ICGraphError):
    """Others link to what was to be withdrawn; the member `links` lists their statements."""

    code = "still-linked"
    status = 409
    exit_code = 1
    title = {"en": "Other records link to it", "fr": "D’autres fiches y renvoient"}


class ChangedSince(ICGraphError):
    """Later changes touched what was to be taken back; the member `conflicts` lists where."""

    code = "changed-since"
    status = 409
    exit_code = 1
    title = {
        "en": "Later changes are in the way",
        "fr": "D’autres modifications l’empêchent",
    }


class TokenNeeded(ICGraphError):
    """The request needs a token, or another than the one it came with."""

    code = "token-needed"
    status = 401
    title = {"en": "A token is needed", "fr": "Un jeton est nécessaire"}


class ScopeMissing(ICGraphError):
    """The token is good, and does not allow this; the member `scope` says what would."""

    code = "scope-missing"
    status = 403
    title = {"en": "The token does not allow this", "fr": "Le jeton ne le permet pas"}


class MethodNotAllowed(ICGraphError):
    """The address does not take this method; the member `allowed` lists those it takes."""

    code = "method-not-allowed"
    status = 405
    title = {"en": "Method not allowed", "fr": "Méthode non autorisée"}


class PreconditionFailed(ICGraphError):
    """What a header of the request makes a condition does not hold; nothing was done."""

    code = "precondition-failed"
    status = 412
    title = {"en": "A condition does not hold", "fr": "Une condition n’est pas remplie"}


class MediaTypeUnsupported(ICGraphError):
    """The body is of a kind that is not taken here; the member `supported` lists those taken."""

    code = "media-type-unsupported"
    status = 415
    title = {"en": "This kind of body is not taken", "fr": "Ce type de contenu n’est pas accepté"}


class BodyTooLarge(ICGraphError):
    """More text than the limit allows."""

    code = "body-too-large"
    status = 413
    title = {"en": "The request is too large", "fr": "La demande est trop volumineuse"}


class GraphInvalid(ICGraphError):
    """SHACL found Violations; nothing was changed."""

    code = "graph-invalid"
    status = 422
    exit_code = 1
    title = {"en": "The data breaks the rules", "fr": "Les données enfreignent les règles"}


class LimitExceeded(ICGraphError):
    """A named limit was reached; the members `limit` and `value` say which."""

    code = "limit-exceeded"
    status = 503
    title = {"en": "A limit was reached", "fr": "Une limite est atteinte"}


class TimeLimitExceeded(LimitExceeded):
    """The query ran longer than allowed; nothing of its result was sent."""

    code = "time-limit"
    title = {"en": "The query took too long", "fr": "La requête a pris trop de temps"}


class MemoryLimitExceeded(LimitExceeded):
    """The query needed more memory than allowed."""

    code = "memory-limit"
    title = {"en": "The query needed too much memory", "fr": "La requête a demandé trop de mémoire"}


class ResultTooLarge(LimitExceeded):
    """The result is larger than allowed; nothing of it was sent."""

    code = "result-limit"
    title = {"en": "The result is too large", "fr": "Le résultat est trop volumineux"}


class BodyLate(LimitExceeded):
    """The body of a request did not come in time; nothing was done with it."""

    code = "body-late"
    status = 408
    title = {"en": "The request came too slowly", "fr": "La demande est arrivée trop lentement"}


class SpoolFull(LimitExceeded):
    """Large results on their way out fill all the place they have."""

    code = "spool-full"
    title = {"en": "The service is busy", "fr": "Le service est occupé"}


class RateExceeded(LimitExceeded):
    """One client takes more of the service than is its share; the request was not begun."""

    code = "rate-limit"
    status = 429
    title = {"en": "Too many requests at once", "fr": "Trop de demandes à la fois"}


class QueryStopped(ICGraphError):
    """The query was stopped because somebody who knows its id asked for that."""

    code = "query-stopped"
    status = 409
    title = {"en": "The query was stopped", "fr": "La requête a été interrompue"}


class QueueFull(LimitExceeded):
    """Too many queries are waiting."""

    code = "queue-full"
    title = {"en": "The service is busy", "fr": "Le service est occupé"}


class WorkerDied(ICGraphError):
    """A worker ended by itself; only its own task is lost."""

    code = "worker-died"
    title = {
        "en": "The query ended the worker that ran it",
        "fr": "La requête a interrompu son exécution",
    }


class ServiceNotReady(ICGraphError):
    """No revision can be read yet."""

    code = "not-ready"
    status = 503
    title = {"en": "The service is starting", "fr": "Le service démarre"}


class BeingMade(ServiceNotReady):
    """A file or a list is being made since somebody asked for it."""

    code = "being-made"
    title = {"en": "This is being made", "fr": "C’est en préparation"}


class HomeError(ICGraphError):
    """The home directory, where everything is kept, cannot be used."""

    code = "home-unusable"
    title = {
        "en": "The home directory cannot be used",
        "fr": "Le répertoire de travail est inutilisable",
    }


class HomeUnwritable(HomeError):
    """The home cannot be created or written."""

    code = "home-unwritable"


class HomeLocked(HomeError):
    """Another process serves from this home."""

    code = "home-locked"


class LogDamaged(HomeError):
    """The change log is not what was written; the message names the first bad revision."""

    code = "log-damaged"
    title = {"en": "The change log is damaged", "fr": "Le journal des modifications est endommagé"}


class HeadMoved(HomeError):
    """Another change was accepted between reading the head and writing."""

    code = "head-moved"
    status = 409
    title = {"en": "Somebody else changed the graph", "fr": "Le graphe a été modifié entre-temps"}


class AddressUnavailable(HomeError):
    """The port is taken, or the host is not an address of this machine."""

    code = "address-unavailable"
    title = {"en": "The address cannot be used", "fr": "L’adresse est inutilisable"}


def from_json(value: dict[str, Any]) -> ICGraphError:
    """The error that `to_json` described, of its own class."""
    classes = {error_class.code: error_class for error_class in _tree(ICGraphError)}
    return classes[value["code"]](value["detail"], advice=value["advice"], **value["members"])


def _tree(root: type[ICGraphError]) -> Iterator[type[ICGraphError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


class NotCompiledError(Exception):
    """A shape has no translation; the message says why, in words for a report."""
