"""People: staff list, personal page, places of work, invitations, accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from core.pages import Action, CardPage, ConfirmPage, CreatePage, EditPage, ListPage
from core.pages.history import HistoryPage
from core.states import WrongState
from network import actions
from network.filters import StaffFilter
from network.forms import EmploymentForm, EndForm, PersonForm
from network.invitations import invite
from network.models import Employment, Organisation, Person
from network.staff_in_order import BY_NAME, StaffPaginator
from network.tables import StaffTable
from network.views.organisations import import_action

CRUMBS = [("Сеть", "/network/organisations/"), ("Кадры", "/network/staff/")]


class StaffPage(ListPage):
    """Who works where: for heads their organisation, for those who manage a municipality all of it."""

    model = Employment
    permission = "network.see_person"
    table_class = StaffTable
    filterset_class = StaffFilter
    section = "network"
    title = "Кадры"
    crumbs = CRUMBS[:1]
    empty_title = "Сотрудников пока нет"
    empty_text = "Загрузите список из таблицы или добавьте людей по одному."
    export_name = "kadry"
    export_columns = [
        ("Фамилия", "person__last_name"), ("Имя", "person__first_name"), ("Отчество", "person__patronymic"),
        ("Электронная почта", "person__email"), ("ИНН организации", "organisation__inn"),
        ("Организация", "organisation__short_name"), ("Роль", "get_role_display"), ("Должность", "position"),
        ("Предмет", "subject__name"), ("Категория", "person__get_category_display"),
        ("Стаж, лет", "person__years_of_service"), ("Работает с", "starts_on"),
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet:
        return (
            super()
            .get_queryset()
            .in_force()
            .select_related("person", "organisation", "subject")
            .order_by(*BY_NAME)
        )

    def get_table_pagination(self, table: Any) -> dict[str, Any]:
        return {**super().get_table_pagination(table), "paginator_class": StaffPaginator}

    def get_actions(self) -> list[Action]:
        return [
            *import_action("network:staff-import"),
            Action("Добавить сотрудника", reverse("network:employment-new"), "primary"),
        ]


@method_decorator(login_not_required, name="dispatch")
class PersonCard(CardPage):
    """The personal page: to everybody what the person agreed to show, to those who keep the staff all of it."""

    model = Person
    template_name = "network/person.html"
    section = "network"

    def get_crumbs(self) -> list[tuple[str, str]]:
        user = self.request.user  # one sees the own page without seeing the list
        sees_list = user.is_authenticated and user.has_perm("network.see_person")
        return CRUMBS if sees_list else CRUMBS[:1]

    @property
    def keeps(self) -> bool:
        return self.request.user.has_perm("network.see_person", self.object)

    def get_actions(self) -> list[Action]:
        user, pk, shown = self.request.user, [self.object.pk], []
        if self.keeps:
            shown.append(Action("История изменений", reverse("network:person-history", args=pk)))
        if (
            user.has_perm("network.invite_person", self.object)
            and self.object.email
            and not self.object.last_login
        ):
            shown.append(Action("Пригласить", reverse("network:invite", args=pk), icon="envelope"))
        if user.has_perm("network.close_person", self.object):
            name, label = ("close", "Закрыть доступ") if self.object.is_active else ("open", "Открыть доступ")
            shown.append(Action(label, reverse(f"network:person-{name}", args=pk)))
        if user.has_perm("network.change_person", self.object):
            shown.append(Action("Изменить", reverse("network:person-edit", args=pk), "primary"))
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = self.object.employments.select_related("organisation", "subject")
        today = timezone.localdate()
        if not self.keeps:
            jobs = jobs.in_force()
        endable = (
            set(jobs.visible_to(self.request.user).values_list("pk", flat=True)) if self.keeps else set()
        )
        rows = [
            {
                "job": job,
                "over": bool(job.ends_on and job.ends_on < today),
                "can_end": job.pk in endable
                and job.ends_on is None
                and self.request.user.has_perm("network.end_employment", job),
            }
            for job in jobs
        ]
        return super().get_context_data(keeps=self.keeps, jobs=rows, **kwargs)


class PersonEditPage(EditPage):
    """The own profile, or the record of somebody whose staff the person keeps."""

    model = Person
    form_class = PersonForm
    permission = "network.change_person"
    section = "network"
    title = "Личные данные"
    success_message = "Сохранено."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> Person:
        return actions.save_person(person=form.save(commit=False), by=self.request.user)


class PersonHistory(HistoryPage):
    """Who changed the record of a person, when and how."""

    model = Person
    permission = "network.see_person"
    section = "network"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*CRUMBS[:1], (str(self.object), self.object.get_absolute_url())]


class EmploymentNewPage(CreatePage):
    """Somebody begins to work: a new person, or a known one by the e-mail."""

    model = Employment
    form_class = EmploymentForm
    permission = "network.add_employment"
    section = "network"
    title = "Новый сотрудник"
    crumbs = CRUMBS
    cancel_url = CRUMBS[1][1]
    success_message = "Сотрудник добавлен."

    def get_initial(self) -> dict[str, Any]:
        organisations = Organisation.objects.active().editable_by(self.request.user)
        wanted = self.request.GET.get("organisation", "")
        only = organisations.filter(pk=wanted).first() if wanted.isascii() and wanted.isdigit() else None
        return {"organisation": only or (organisations.first() if organisations.count() == 1 else None)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, form: Any) -> Employment:
        try:
            return actions.employ(
                employment=form.save(commit=False),
                person=form.person(),
                by=self.request.user,
                invited=form.cleaned_data["invited"],
            )
        except ValidationError as error:
            raise WrongState(" ".join(error.messages)) from error

    def get_success_url(self) -> str:
        return self.object.person.get_absolute_url()


class EmploymentEndPage(ConfirmPage):
    """The last day of work; with the last place of work the way into the portal ends too."""

    queryset = Employment.objects.select_related("person", "organisation")
    permission = "network.end_employment"
    section = "network"
    form_class = EndForm
    submit_label = "Завершить работу"
    kind = "stop"
    success_message = "Последний рабочий день записан."

    def get_title(self) -> str:
        return f"{self.object.person}: завершить работу"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*CRUMBS, (str(self.object.person), self.object.person.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "employment": self.object}

    def get_consequences(self) -> list[str]:
        job = self.object
        others = Employment.objects.in_force().filter(person=job.person).exclude(pk=job.pk).exists()
        role = job.position or job.get_role_display()
        lines = [
            f"После этого дня закончатся права по должности «{role}» в организации «{job.organisation}».",
            "Запись о работе и всё сделанное человеком сохранятся.",
        ]
        if not others:
            lines.append("Других мест работы в сети нет: после этого дня войти на портал будет нельзя.")
        return lines

    def perform(self, form: Any) -> Person:
        day = form.cleaned_data["last_day"]
        return actions.end_employment(employment=self.object, last_day=day, by=self.request.user).person

    def get_cancel_url(self) -> str:
        return self.object.person.get_absolute_url()


class InvitePage(ConfirmPage):
    """A letter with a link to set the first password."""

    model = Person
    permission = "network.invite_person"
    section = "network"
    title = "Пригласить на портал"
    submit_label = "Послать приглашение"
    success_message = "Приглашение поставлено в очередь писем."

    def get_consequences(self) -> list[str]:
        return [
            f"На адрес {self.object.email or '– (не указан)'} придёт письмо со ссылкой, по которой задают пароль.",
            "В один день уходит не больше одного приглашения, сколько бы раз ни нажали.",
        ]

    def perform(self, form: Any) -> None:
        if not self.object.email:
            raise WrongState("У человека не указана электронная почта: сначала впишите её.")
        invite(person=self.object, by=self.request.user)


class ClosePage(ConfirmPage):
    """Closing an account: nobody signs in with it, nothing of it is lost."""

    model = Person
    permission = "network.close_person"
    section = "network"
    title = "Закрыть доступ"
    submit_label = "Закрыть доступ"
    kind = "stop"
    success_message = "Доступ закрыт."

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object} сразу выйдет на всех устройствах и не сможет войти.",
            "Записи о работе, ответы и документы сохранятся.",
        ]

    def perform(self, form: Any) -> Person:
        return actions.set_account_open(person=self.object, opened=False, by=self.request.user)


class OpenPage(ConfirmPage):
    """Opening a closed account again."""

    model = Person
    permission = "network.close_person"
    section = "network"
    title = "Открыть доступ"
    submit_label = "Открыть доступ"
    success_message = "Доступ открыт."

    def get_consequences(self) -> list[str]:
        return [f"{self.object} снова сможет входить с прежним паролем или по коду из письма."]

    def perform(self, form: Any) -> Person:
        return actions.set_account_open(person=self.object, opened=True, by=self.request.user)
