"""The tables, one file per section. Rules live in kisi/domain/."""

from kisi.db.models.arrival import (
    Agency,
    AgencyArea,
    Need,
    NeedCount,
    Person,
    PersonLanguage,
    PersonToken,
    Referral,
)
from kisi.db.models.base import Base, Record, Sealed, new_uid
from kisi.db.models.system import (
    Account,
    AuditEntry,
    AuditHead,
    Counter,
    Draft,
    Installation,
    KnownDevice,
    Municipality,
    SignIn,
    Throttle,
)

__all__ = [
    "Account",
    "Agency",
    "AgencyArea",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Counter",
    "Draft",
    "Installation",
    "KnownDevice",
    "Municipality",
    "Need",
    "NeedCount",
    "Person",
    "PersonLanguage",
    "PersonToken",
    "Record",
    "Referral",
    "Sealed",
    "SignIn",
    "Throttle",
    "new_uid",
]
