"""Arrival (Ankommen): persons, their needs, referrals, and the bodies that help."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kisi.db.models.base import Base, Record, Sealed, Secret
from kisi.domain import agency, need, person, referral


class Person(Sealed, Record):
    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("municipality_id", "code"),
        Index("ix_person_newest", "municipality_id", "id"),
        Index(
            "ix_person_with_need",
            "municipality_id",
            "id",
            sqlite_where=text("open_needs != 0"),
            postgresql_where=text("open_needs != 0"),
        ),
        Index("ix_person_year", "municipality_id", "year_of_birth"),
        Index("ix_person_open", "municipality_id", "open_needs"),
        Index("ix_person_language", "municipality_id", "contact_language"),
        Index("ix_person_registered", "municipality_id", "registered_on"),
    )

    code: Mapped[str] = mapped_column(String(20))
    given_name = Secret("")
    family_name = Secret("")
    gender: Mapped[person.Gender]
    year_of_birth: Mapped[int | None]
    nationality: Mapped[str] = mapped_column(String(12))
    contact_language: Mapped[str] = mapped_column(String(10))
    registered_on: Mapped[date]
    open_needs: Mapped[int] = mapped_column(default=0)
    """Kept in step with the needs, so that lists sort and filter without counting."""

    languages: Mapped[list["PersonLanguage"]] = relationship(
        order_by="PersonLanguage.position", cascade="all, delete-orphan", lazy="selectin"
    )


class PersonLanguage(Base):
    __tablename__ = "person_language"
    __table_args__ = (Index("ix_person_language_of", "municipality_id", "language", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(10))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))


class PersonToken(Base):
    """The blind index: what a person can be found by, as numbers that tell nothing."""

    __tablename__ = "person_token"
    __table_args__ = (Index("ix_person_token_found", "municipality_id", "token", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))


class Need(Sealed, Record):
    __tablename__ = "need"
    __table_args__ = (
        Index("ix_need_person", "municipality_id", "person_id"),
        Index("ix_need_area", "municipality_id", "status", "area"),
        Index("ix_need_noted", "municipality_id", "noted_on", "area"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    area: Mapped[need.Area]
    status: Mapped[need.Status] = mapped_column(default=need.Status.OPEN)
    noted_on: Mapped[date]
    closed_on: Mapped[date | None]
    wish = Secret("")

    person: Mapped[Person] = relationship(lazy="raise")


class NeedCount(Base):
    """How many needs there are by area and month, kept in step with every need.

    Counting 300,000 needs anew takes longer than drawing the chart.
    """

    __tablename__ = "need_count"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    area: Mapped[need.Area] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """The first day of the month the needs were noted in."""
    noted: Mapped[int] = mapped_column(default=0)
    unsettled: Mapped[int] = mapped_column(default=0)


class Agency(Record):
    __tablename__ = "agency"
    __table_args__ = (Index("ix_agency_name", "municipality_id", "active", "name"),)

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[agency.Kind]
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    opening_hours: Mapped[str] = mapped_column(String(300), default="")
    answer_days: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)

    areas: Mapped[list["AgencyArea"]] = relationship(
        order_by="AgencyArea.position", cascade="all, delete-orphan", lazy="selectin"
    )


class AgencyArea(Base):
    __tablename__ = "agency_area"
    __table_args__ = (Index("ix_agency_area_of", "municipality_id", "area", "agency_id"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[need.Area]
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))


# Only referrals somebody waits for; in words, because an index knows no parameters.
_WAITING = text(
    "status IN ({})".format(", ".join(f"'{status.value}'" for status in referral.WAITING))
)


class Referral(Sealed, Record):
    __tablename__ = "referral"
    __table_args__ = (
        Index(
            "ix_referral_waiting",
            "municipality_id",
            "follow_up_on",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_referral_newest", "municipality_id", "id"),
        Index("ix_referral_person", "municipality_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    way: Mapped[referral.Way]
    status: Mapped[referral.Status] = mapped_column(default=referral.Status.SENT)
    referred_on: Mapped[date]
    follow_up_on: Mapped[date]
    closed_on: Mapped[date | None]
    note = Secret("")

    person: Mapped[Person] = relationship(lazy="raise")
    need: Mapped[Need] = relationship(lazy="raise")
    agency: Mapped[Agency] = relationship(lazy="raise")
