"""Forms and levels of events."""

from __future__ import annotations

from django.db import models


class EventFormat(models.TextChoices):
    """Forms of methodical work as the plans of municipalities name them (seeds 002 and 003)."""

    ASSOCIATION = "association", "заседание методического объединения"
    SEMINAR = "seminar", "семинар"
    WEBINAR = "webinar", "вебинар"
    MASTER_CLASS = "master_class", "мастер-класс"
    OPEN_LESSON = "open_lesson", "открытый урок"
    LANDING = "landing", "методический десант"
    ROUND_TABLE = "round_table", "круглый стол"
    CONFERENCE = "conference", "конференция"
    MARATHON = "marathon", "педагогический марафон"
    EXPEDITION = "expedition", "экспедиция по адресам опыта"
    INTERNSHIP = "internship", "стажировочный день"
    CLUB = "club", "встреча клуба"
    CONSULTATION = "consultation", "консультация"
    MEETING = "meeting", "совещание"
    CONTEST = "contest", "конкурс"
    FESTIVAL = "festival", "фестиваль"
    OTHER = "other", "другое"


class EventLevel(models.TextChoices):
    SCHOOL = "school", "школьный"
    MUNICIPAL = "municipal", "муниципальный"
    INTERMUNICIPAL = "intermunicipal", "межмуниципальный"
    REGIONAL = "regional", "региональный"
    INTERREGIONAL = "interregional", "межрегиональный"
    NATIONAL = "national", "всероссийский"
    INTERNATIONAL = "international", "международный"
