"""Answering by a link: intro, about oneself, one topic a page, check, thanks.

The pages know the link alone: who is signed in is set aside before anything is read or logged. They stand
without a CSRF token, for the link's own secret is what a stranger's page lacks (an open link's answers are
bound to a cookie that other sites cannot send), and a phone that lost its cookies still goes on.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django_htmx.http import HttpResponseClientRefresh

from core.limits import within_limit
from core.pages import Page
from diagnostics.actions.answering import NotAccepting, submit
from diagnostics.answering import Sheet, cookie_name, find_sheet, promise, today_accepts
from diagnostics.forms.passport import PassportForm
from diagnostics.models import Campaign, InvitationKey
from diagnostics.questions import answer_text, question, read, unanswered
from diagnostics.sealing import link_hash, new_secret

# Whole schools share one address, so an open link lets this many begin and send from one place in an hour.
OPEN_AN_HOUR = 200
UNKNOWN_IN_TEN_MINUTES = 60
STANDING_TITLES = {
    "open": "Опрос",
    "early": "Опрос ещё не начался",
    "closed": "Опрос завершён",
    "unknown": "Ссылка не открывается",
}


@method_decorator([login_not_required, never_cache, csrf_exempt], name="dispatch")
class AnswerView(View):
    """Finds the sheet of the link; tells kindly when there is none, too early, too late or sent already."""

    sheet: Sheet

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        response = self._answer(request, *args, token=token, **kwargs)
        if request.htmx and request.POST.get("go") == "save" and not hasattr(response, "is_fragment"):
            # Saved in the background when the sheet is sent or the campaign closed: show that whole page.
            response = HttpResponseClientRefresh()
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _answer(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        sheet = find_sheet(token, request.COOKIES)
        if sheet is None:
            if not within_limit(request, "unknown survey link", limit=UNKNOWN_IN_TEN_MINUTES, seconds=600):
                return render(request, "429.html", status=429)
            return self.tell("unknown", status=404)
        self.sheet = sheet
        if sheet.is_sent:
            if not isinstance(self, Thanks):
                return redirect("diagnostics:answer-thanks", token)
        elif (standing := today_accepts(sheet.campaign)) != "open":
            return self.tell(standing)
        elif not sheet.secret and not isinstance(self, Intro):
            return redirect("diagnostics:answer", token)
        return super().dispatch(request, *args, token=token, **kwargs)

    def tell(self, standing: str, status: int = 200) -> HttpResponse:
        return self.show("standing", STANDING_TITLES[standing], status=status, standing=standing)

    def show(self, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        sheet = getattr(self, "sheet", None)
        context = {
            "page": Page(title),
            "sheet": sheet,
            "campaign": sheet.campaign if sheet else None,
            "token": sheet.token if sheet else "",
            **context,
        }
        return render(self.request, f"diagnostics/answer/{template}.html", context, status=status)

    def go(self, name: str, **kwargs: Any) -> HttpResponse:
        return redirect(f"diagnostics:answer-{name}", token=self.sheet.token, **kwargs)


class Intro(AnswerView):
    """Who asks, why, what becomes of the answers, how long it takes."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        other = self._begun_elsewhere(request)
        if other:
            return redirect("diagnostics:answer", other)
        campaign = self.sheet.campaign
        return self.show("intro", campaign.title, anonymity=promise(campaign))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Begin: an open or a printed link gets its browser's own secret, that of a letter has its own."""
        sheet, response = self.sheet, self._first_page()
        if sheet.is_of_browser and not sheet.secret:
            if sheet.invitation is None and not within_limit(
                request, f"open survey {sheet.campaign.pk}", limit=OPEN_AN_HOUR, seconds=3600
            ):
                return render(request, "429.html", status=429)
            return remember(response, sheet.campaign, new_secret(), printed=sheet.printed)
        if not sheet.is_of_browser and sheet.campaign.is_anonymous:
            return remember(response, sheet.campaign, token)
        return response

    def _first_page(self) -> HttpResponse:
        if self.sheet.begun:
            return self.go("topic", number=self.sheet.resume_at())
        return self.go("about") if self.sheet.asked else self.go("topic", number=1)

    def _begun_elsewhere(self, request: HttpRequest) -> str:
        """Another link of the same invitation under which this browser keeps a draft."""
        kept = request.COOKIES.get(cookie_name(self.sheet.campaign), "")
        if self.sheet.begun or self.sheet.is_of_browser or kept in ("", self.sheet.token):
            return ""
        other = find_sheet(kept)
        same = other is not None and other.begun and other.invitation == self.sheet.invitation
        return kept if same else ""


class About(AnswerView):
    """What the campaign compares and the portal does not know; each may be left out."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(PassportForm(self.sheet, initial=self.sheet.passport))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = PassportForm(self.sheet, request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        self.sheet.keep([], {}, form.passport)
        return self.go("topic", number=1)

    def _page(self, form: PassportForm, status: int = 200) -> HttpResponse:
        return self.show("about", "О вас", status=status, form=form)


class Topic(AnswerView):
    """One topic. Whatever is pressed, what is answered is kept first."""

    def get(self, request: HttpRequest, token: str, number: int) -> HttpResponse:
        if not 1 <= number <= len(self.sheet.sections):
            return self.go("check")
        return self._page(number, {})

    def post(self, request: HttpRequest, token: str, number: int) -> HttpResponse:
        if not 1 <= number <= len(self.sheet.sections):
            return self.go("check")
        items = list(self.sheet.sections[number - 1].items.all())
        answers, mistakes = read(items, request.POST)
        codes = [code for item in items for code in (item.code, f"{item.code}:text")]
        self.sheet.keep(codes, answers)
        go = request.POST.get("go", "next")
        if go == "save":
            response = self.show("saved", "Сохранено", now=timezone.localtime())
            response.is_fragment = True  # type: ignore[attr-defined]
            return response
        if go == "back":
            return self._back(number)
        if go != "later":
            mistakes = {**unanswered(items, answers), **mistakes}
        if mistakes:
            return self._page(number, mistakes, status=422)
        return self.go("topic", number=number + 1) if number < len(self.sheet.sections) else self.go("check")

    def _back(self, number: int) -> HttpResponse:
        if number > 1:
            return self.go("topic", number=number - 1)
        if self.sheet.asked:
            return self.go("about")
        return redirect("diagnostics:answer", self.sheet.token)

    def _page(self, number: int, mistakes: dict[str, str], status: int = 200) -> HttpResponse:
        section = self.sheet.sections[number - 1]
        questions = [
            question(item, self.sheet.answers, mistakes.get(item.code, "")) for item in section.items.all()
        ]
        return self.show(
            "topic",
            section.title,
            status=status,
            section=section,
            number=number,
            total=len(self.sheet.sections),
            questions=questions,
            mistakes=[q for q in questions if q.error],
            minutes=self.sheet.minutes_left(number),
        )


class Check(AnswerView):
    """All answers on one page; unanswered ones are named and lead to their place. From here they are sent."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.sheet.unanswered:
            # Since this request began another tab may have sent the sheet, or the campaign was closed: both
            # take the draft away.
            if self.sheet.is_sent:
                return self.go("thanks")
            return self._closed_meanwhile() or self._page(status=422)
        if self.sheet.invitation is None and not within_limit(
            request, f"open survey sent {self.sheet.campaign.pk}", limit=OPEN_AN_HOUR, seconds=3600
        ):
            return render(request, "429.html", status=429)
        try:
            submit(self.sheet)
        except NotAccepting:
            return self._closed_meanwhile() or self._page()
        return self.go("thanks")

    def _closed_meanwhile(self) -> HttpResponse | None:
        self.sheet.campaign.refresh_from_db()
        standing = today_accepts(self.sheet.campaign)
        return None if standing == "open" else self.tell(standing)

    def _page(self, status: int = 200) -> HttpResponse:
        sheet = self.sheet
        missing = sheet.unanswered
        left = Counter(number for number, _ in missing)
        topics = [
            (
                number,
                section,
                [(item, answer_text(item, sheet.answers)) for item in section.items.all()],
                left[number],
            )
            for number, section in enumerate(sheet.sections, 1)
        ]
        return self.show("check", "Проверьте ответы", status=status, topics=topics, missing=missing)


class Thanks(AnswerView):
    """The same page however often it is sent; on an open link another person may answer in this browser."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.sheet.is_sent:
            return redirect("diagnostics:answer", token)
        response = self.show("thanks", "Спасибо!")
        if not self.sheet.is_of_browser:
            response.delete_cookie(cookie_name(self.sheet.campaign), path="/diagnostics/")
        return response

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        response = redirect("diagnostics:answer", token)
        if self.sheet.invitation is None:
            response.delete_cookie(cookie_name(self.sheet.campaign), path="/diagnostics/")
        return response


def remember(
    response: HttpResponse, campaign: Campaign, secret: str, *, printed: bool = False
) -> HttpResponse:
    """Keep the secret in the browser until the campaign closes, so that it finds its draft again."""
    days = (campaign.closes_on - timezone.localdate()).days + 1
    response.set_cookie(
        cookie_name(campaign, printed=printed),
        secret,
        max_age=days * 86400,
        path="/diagnostics/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def token_kept(request: HttpRequest, campaign: Campaign, invitation_pk: int) -> str:
    """A token of the invitation that this browser keeps, "" when it keeps none."""
    token = request.COOKIES.get(cookie_name(campaign), "")
    known = (
        token and InvitationKey.objects.filter(key_hash=link_hash(token), invitation=invitation_pk).exists()
    )
    return token if known else ""
