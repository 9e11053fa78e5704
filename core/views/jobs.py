"""The durable page of a job: stage, progress, outcome; safe to leave and to come back to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HTMX_STOP_POLLING

from core import jobs
from core.models import Job
from core.pages.page import CardPage


class JobPage(CardPage):
    model = Job
    template_name = "core/job.html"
    context_object_name = "job"

    def get_title(self) -> str:
        return self.object.title

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The whole page, or to HTMX its moving part; a job that is finished ends the asking."""
        if not self.request.htmx:
            return super().render_to_response(context, **kwargs)
        status = HTMX_STOP_POLLING if self.object.is_finished else 200
        return render(self.request, "core/job_progress.html", context, status=status)


@require_POST
def retry(request: HttpRequest, pk: Any) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.retry(job, by=request.user)
    return redirect(job)
