"""Orders of the demo that stand by themselves: in force, amended, cancelled, and a draft that waits for the office."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from core.school_year import SchoolYear
from network.models import Municipality, Order, Person
from network.orders import NewAnnex, prepare_order, register_order

COUNCIL = NewAnnex(
    "Перечень показателей мониторинга методической работы",
    ["№", "Показатель", "Срок", "Кто представляет"],
    [
        ["1", "Доля педагогов, участвующих в профессиональных сообществах", "до 15 декабря", "Методический центр"],
        ["2", "Доля событий плана, которые прошли", "до 15 января", "Методический центр"],
        ["3", "Доля педагогов первых трёх лет работы, у которых есть наставник", "до 1 февраля", "Организации"],
    ],
)  # fmt: skip


def make_orders(municipality: Municipality, accounts: dict[str, Person]) -> None:
    """Five registered orders of two years and a draft."""
    last, now = SchoolYear.current().previous, SchoolYear.current()
    methodist, official = accounts["methodist"], accounts["official"]

    def order(heading: str, preamble: str, clauses: list[str], **more: object) -> Order:
        return prepare_order(
            municipality=municipality, purpose="", heading=heading, preamble=preamble, clauses=clauses,
            by=methodist, **more,
        )  # fmt: skip

    def register(draft: Order, number: str, day: dt.date) -> Order:
        day = min(day, timezone.localdate() - dt.timedelta(days=2))
        return register_order(order=draft, number=number, date=day, by=official)

    monitoring = register(
        order(
            "Об утверждении перечня показателей мониторинга методической работы",
            f"В целях объективной оценки методической работы в {last} учебном году",
            ["Утвердить перечень показателей согласно приложению.",
             "Методическому центру собирать показатели в сроки, указанные в приложении.",
             "Контроль за исполнением приказа оставляю за собой."],
            annexes=[COUNCIL],
        ), "87-од", last.starts_on + dt.timedelta(days=20),
    )  # fmt: skip
    register(
        order(
            f"О внесении изменений в приказ от {monitoring.date:%d.%m.%Y} № {monitoring.number}",
            "В связи с уточнением сроков сбора сведений",
            ["В строке 3 приложения слова «до 1 февраля» заменить словами «до 1 марта»."],
            amends=monitoring,
        ), "19-од", dt.date(last.start + 1, 1, 27),
    )  # fmt: skip
    methodical_day = register(
        order(
            "О муниципальном методическом дне",
            "В целях обмена опытом между организациями сети",
            [f"Провести 25 ноября {last.start} года муниципальный методический день.",
             "Методическому центру обеспечить программу и площадки.",
             "Руководителям организаций направить педагогов по спискам."],
        ), "112-од", dt.date(last.start, 10, 28),
    )  # fmt: skip
    register(
        order(
            f"Об отмене приказа от {methodical_day.date:%d.%m.%Y} № {methodical_day.number}",
            "В связи с карантином в организациях округа",
            [f"Признать утратившим силу приказ от {methodical_day.date:%d.%m.%Y} № {methodical_day.number} "
             "«О муниципальном методическом дне»."],
            cancels=methodical_day,
        ), "121-од", dt.date(last.start, 11, 18),
    )  # fmt: skip
    register(
        order(
            f"О сроках диагностики профессиональных затруднений в {now} учебном году",
            "В целях адресной методической поддержки педагогов",
            ["Провести диагностику профессиональных затруднений педагогов с 5 по 25 октября.",
             "Руководителям организаций обеспечить участие педагогов, не нарушая добровольности.",
             "Методическому центру до 10 ноября представить карту затруднений."],
        ), "203-од", now.starts_on + dt.timedelta(days=16),
    )  # fmt: skip
    order(
        "О муниципальном конкурсе методических материалов",
        "В целях распространения опыта педагогов",
        [f"Провести с 1 по 28 февраля {now.start + 1} года муниципальный конкурс методических материалов.",
         "Методическому центру до 15 января разработать положение о конкурсе.",
         "Контроль за исполнением приказа оставляю за собой."],
    )  # fmt: skip
