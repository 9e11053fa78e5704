"""The difficulty map of a campaign and the page of one direction of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.documents import download, to_xlsx
from core.pages import Action, CardPage
from diagnostics.difficulty_map import difficulty_map, direction_line, direction_table, own_groups, waiting
from diagnostics.documents import map_document
from diagnostics.figures import Group
from diagnostics.findings import answers, unanswered
from diagnostics.map_cells import rows
from diagnostics.models import Campaign, Dimension
from diagnostics.tallies import dimensions
from network.models import Direction

# Columns of the map and rows of a direction on one page.
GROUPS_A_PAGE = 30
ROWS_A_PAGE = 50


class _MapPage(CardPage):
    """Scope and the choice of a dimension; a head sees the network's column and the own organisation's."""

    section = "diagnostics"
    permission = "diagnostics.see_map_campaign"
    queryset = Campaign.objects.select_related("municipality", "previous")

    def get_object(self, queryset: Any = None) -> Campaign:
        campaign = super().get_object(queryset)
        self.only = own_groups(campaign, self.request.user)
        compared = dimensions(campaign)
        if self.only is not None:
            compared = [value for value in compared if value == Dimension.ORGANISATION]
        self.choices = [Dimension(value) for value in compared]
        asked = self.request.GET.get("by", "")
        self.dimension = asked if asked in compared else (compared or [Dimension.ORGANISATION.value])[0]
        return campaign

    def can_act(self) -> bool:
        return self.request.user.has_perm("diagnostics.add_finding", self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            choices=self.choices,
            dimension=self.dimension,
            choice=Dimension(self.dimension).label,
            can_act=self.can_act(),
            sees_all=self.only is None,
            **kwargs,
        )


class MapView(_MapPage):
    """Directions × groups, the network's ranking, what answers each, and what nothing answers.

    A page lays out some of the groups, `q` those with these words in the name; the workbook has all of them.
    """

    template_name = "diagnostics/map.html"

    def get_title(self) -> str:
        return "Карта затруднений"

    def get_crumbs(self) -> list[tuple[str, str]]:
        campaign = self.object
        return [("Диагностика", reverse("diagnostics:home")), (campaign.title, campaign.get_absolute_url())]

    def get_actions(self) -> list[Action]:
        actions = [
            Action("Скачать XLSX", f"?by={self.dimension}&export=xlsx", "quiet", "file-earmark-spreadsheet")
        ]
        if self.only is None:
            findings = f"{reverse('diagnostics:findings')}?campaign={self.object.pk}"
            actions.append(Action("Выводы и меры", findings, "primary"))
        return actions

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if request.GET.get("export") == "xlsx":
            return self.export()
        self.table = difficulty_map(self.object, self.dimension, only=self.only, show=self.show)
        return self.render_to_response(self.get_context_data(object=self.object))

    def show(self, groups: list[Group]) -> list[Group]:
        """The groups of the page asked for."""
        self.wanted = " ".join(self.request.GET.get("q", "")[:100].split())
        asked = _plain(self.wanted).split()
        found = [group for group in groups if all(word in _plain(group.label) for word in asked)]
        self.page_obj = Paginator(found, GROUPS_A_PAGE).get_page(self.request.GET.get("page"))
        self.can_find = len(groups) > GROUPS_A_PAGE
        return list(self.page_obj.object_list)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = answers(self.object, self.only)
        invited = self.object.invited_count
        return super().get_context_data(
            campaign=self.object,
            table=self.table,
            rows=rows(
                self.table.lines,
                found,
                self.dimension,
                sees_all=self.only is None,
                can_act=self.can_act(),
            ),
            page_obj=self.page_obj,
            wanted=self.wanted,
            can_find=self.can_find,
            invited=invited,
            coverage=self.table.counted / invited if invited else None,
            waiting=waiting(self.object),
            unanswered=unanswered(self.table, found),
            **kwargs,
        )

    def export(self) -> HttpResponse:
        table = difficulty_map(self.object, self.dimension, only=self.only)
        return download(to_xlsx(map_document(table)), f"Карта затруднений {self.object.pk}.xlsx")


class DirectionView(_MapPage):
    """One direction: its questions, its groups from the greatest difficulty down, one beside the network."""

    template_name = "diagnostics/map_direction.html"

    def get_title(self) -> str:
        return self.direction.name

    def get_crumbs(self) -> list[tuple[str, str]]:
        campaign = self.object
        address = f"{reverse('diagnostics:map', args=[campaign.pk])}?by={self.dimension}"
        return [
            ("Диагностика", reverse("diagnostics:home")),
            (campaign.title, campaign.get_absolute_url()),
            ("Карта затруднений", address),
        ]

    def get_actions(self) -> list[Action]:
        if not self.can_act():
            return []
        address = reverse("diagnostics:finding-new", args=[self.object.pk, self.direction.pk])
        return [Action("Записать вывод", address, "primary")]

    def get_object(self, queryset: Any = None) -> Campaign:
        campaign = super().get_object(queryset)
        asked = Direction.objects.filter(items__section__questionnaire=campaign.questionnaire_id).distinct()
        self.direction = get_object_or_404(asked, pk=self.kwargs["direction"])
        return campaign

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        [line] = direction_line(self.object, self.direction, self.dimension, only=self.only).lines
        group = self._group(line)
        items = direction_table(
            self.object,
            self.direction,
            self.dimension,
            only=self.only,
            show=lambda groups: [one for one in groups if group and one.key == group.group.key],
        )
        cells = sorted(line.cells, key=lambda cell: -(cell.figure.share or 0) if cell.figure else 1)
        page = Paginator(cells, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            campaign=self.object,
            direction=self.direction,
            line=line,
            cells=page.object_list,
            page_obj=page,
            rows=[(item, item.cells[0] if item.cells else None) for item in items.lines],
            group=group,
            answer=answers(self.object, self.only).get(self.direction.pk),
            **kwargs,
        )

    def _group(self, line: Any) -> Any:
        """The cell asked for by ?group=; an unknown group is 404."""
        key = self.request.GET.get("group")
        if key is None:
            return None
        found = [cell for cell in line.cells if cell.group.key == key]
        if not found:
            raise Http404("Такой группы на карте нет.")
        return found[0]


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
