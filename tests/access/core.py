from io import BytesIO

from django.utils import timezone

from core.imports import actions
from core.imports.spec import spec_for
from core.models import Job
from tests.access import PUBLIC, rule


def job(world, place):
    made = Job.objects.create(kind="test", title="Отчёт", created_by=place.head, next_at=timezone.now())
    return {"pk": made.pk}


def upload(world, place):
    organisation = place.organisation
    spec = spec_for(
        "network.staff", {"municipality": organisation.municipality_id, "organisation": organisation.pk}
    )
    file = BytesIO("ФИО;Должность\nОзёрный Пётр Ильич;учитель\n".encode())
    return {"pk": actions.receive(spec=spec, file=file, name="кадры.csv", by=place.head).pk}


# Jobs and uploads are seen by who made them: they hold people's data before anybody has checked them.
OWN_JOB = rule(own="head").at(job)
OWN_UPLOAD = rule(own="head").at(upload)

ACCESS = {
    "core:look": PUBLIC.posts(only=True),
    "core:gallery": PUBLIC.answers(404),  # for developers: only with DEBUG
    "core:job": OWN_JOB,
    "core:job-retry": OWN_JOB.posts(only=True),
    "core:upload": OWN_UPLOAD,
    "core:upload-mapping": OWN_UPLOAD.posts(),
    "core:upload-corrections": OWN_UPLOAD.posts(only=True),
    "core:upload-confirmation": OWN_UPLOAD.posts(only=True),
    "core:upload-report": OWN_UPLOAD,
    "core:upload-removal": OWN_UPLOAD.posts(only=True),
}
