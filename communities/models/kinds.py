from __future__ import annotations

from django.db import models


class CommunityKind(models.TextChoices):
    """Kinds of communities that municipalities found by order (seeds 002, 003)."""

    SUBJECT_ASSOCIATION = "subject_association", "районное методическое объединение"
    PEDAGOGICAL = "pedagogical", "педагогическое сообщество"
    CROSS_FUNCTIONAL = "cross_functional", "кроссфункциональная команда"
    WORKING_GROUP = "working_group", "рабочая группа"
    YOUNG_CLUB = "young_club", "клуб молодых педагогов"
    PERMANENT_SEMINAR = "permanent_seminar", "постоянно действующий семинар"
    PUPILS_PROJECT = "pupils_project", "сетевой проект для обучающихся"
