"""Pages of news and of yearly reports."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from communities.actions import life
from communities.forms.communities import NewsForm, ReportForm
from communities.models import Community, CommunityNews, CommunityReport
from communities.views.scope import InCommunity, OfCommunity, sees_names, shown_name
from core.markup import rendered
from core.pages import Action, CardPage, ConfirmPage, CreatePage, EditPage, PageMixin

NEWS = CommunityNews.objects.select_related("community__municipality", "author")
REPORTS = CommunityReport.objects.select_related("community__municipality", "handed_by")


@method_decorator(login_not_required, name="dispatch")
class NewsPage(InCommunity, PageMixin, TemplateView):
    """All news of the community, the newest first."""

    title = "Новости сообщества"
    template_name = "communities/news.html"

    def writes(self) -> bool:
        user = self.request.user
        return user.is_authenticated and user.has_perm("communities.change_community", self.community)

    def get_actions(self) -> list[Action]:
        url = reverse("communities:news-new", args=[self.community.pk])
        return [Action("Написать новость", url, "primary")] if self.writes() else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.community.news.select_related("author"), 10).get_page(
            self.request.GET.get("page")
        )
        names = sees_names(self.request.user, self.community)
        rows = [
            {"item": item, "html": rendered(item.text), "author": shown_name(item.author, names)}
            for item in page
        ]
        return super().get_context_data(page_obj=page, rows=rows, writes=self.writes(), **kwargs)


class NewsNewPage(InCommunity, CreatePage):
    title = "Написать новость"
    model = CommunityNews
    form_class = NewsForm
    submit_label = "Опубликовать"
    community_permission = "communities.change_community"
    success_message = "Новость опубликована."

    def perform(self, form: NewsForm) -> CommunityNews:
        news = form.save(commit=False)
        news.community = self.community
        return life.publish_news(news=news, by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class NewsEditPage(OfCommunity, EditPage):
    queryset = NEWS
    title = "Изменить новость"
    form_class = NewsForm
    permission = "communities.change_communitynews"
    success_message = "Сохранено."

    def perform(self, form: NewsForm) -> CommunityNews:
        return life.publish_news(news=form.save(commit=False), by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class NewsRemovalPage(OfCommunity, ConfirmPage):
    queryset = NEWS
    title = "Удалить новость"
    kind = "stop"
    submit_label = "Удалить"
    permission = "communities.delete_communitynews"
    success_message = "Новость удалена."

    def get_consequences(self) -> list[str]:
        return [f"«{self.object}» исчезнет со страницы сообщества и с главной. Вернуть её нельзя."]

    def perform(self, form: Any) -> Community:
        self.object.delete()
        return self.community


class ReportNewPage(InCommunity, CreatePage):
    """The report of a school year that has none yet."""

    title = "Отчёт сообщества"
    model = CommunityReport
    form_class = ReportForm
    submit_label = "Сдать отчёт"
    community_permission = "communities.report_community"
    success_message = "Отчёт сдан. Его видят участники сообщества, методист и специалист управления."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.community}

    def perform(self, form: ReportForm) -> CommunityReport:
        return life.hand_report(
            report=form.save(commit=False), file=form.cleaned_data["document"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ReportEditPage(OfCommunity, EditPage):
    queryset = REPORTS
    form_class = ReportForm
    permission = "communities.change_communityreport"
    success_message = "Отчёт сохранён."

    def get_title(self) -> str:
        return f"Отчёт за {self.object.school_year} учебный год"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.community}

    def perform(self, form: ReportForm) -> CommunityReport:
        return life.hand_report(
            report=form.save(commit=False), file=form.cleaned_data["document"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ReportPage(OfCommunity, CardPage):
    queryset = REPORTS
    template_name = "communities/report.html"

    def get_title(self) -> str:
        return f"Отчёт за {self.object.school_year} учебный год"

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("communities.change_communityreport", self.object):
            return []
        args = [self.community.pk, self.object.pk]
        return [Action("Изменить", reverse("communities:report-edit", args=args), "primary")]


class ReportFile(View):
    """The file of a report, to those who see the report; always saved, never shown in the page."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, community: int, pk: int) -> HttpResponse:
        rows = CommunityReport.objects.visible_to(request.user).exclude(file="")
        report = get_object_or_404(rows, pk=pk, community=community)
        try:
            return FileResponse(report.file.open("rb"), as_attachment=True, filename=report.filename)
        except FileNotFoundError as error:
            raise Http404("Файла нет на диске портала.") from error
