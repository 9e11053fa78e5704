"""What the applications of the demo say. The stories are invented."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """One application: what it says, which state it has reached, how long ago, what others said to it."""

    title: str
    kind: str
    direction: str
    state: str
    problem: str
    result: str
    goal: str = ""
    days: int = 1
    term: int = 200
    people: int = 8
    silent: int = 0
    by_teacher: bool = False
    asks_teacher: bool = False
    returned: str = ""
    added: str = ""
    opinions: list[tuple[str, str]] = field(default_factory=list)
    asks_expert: bool = False
    conclusion: str = ""
    suggests: str = "approve"
    reason: str = ""
    prepared: bool = False
    number: str = ""


APPLICATIONS = [
    Told(
        "Разговор с родителями без конфликта", "working_group", "communication-parents", "draft",
        "Половина обращений к администрации начинается с переписки в родительском чате.",
        "Памятка для классного руководителя и разбор десяти писем.",
        people=3, by_teacher=True,
    ),
    Told(
        "Читаем задачу вслух", "pedagogical", "method-functional", "submitted",
        "На карте затруднений функциональная грамотность вторая по сети: её отмечает каждый второй учитель 5–6 классов.",
        "Банк из сорока заданий с разбором ошибок, шесть открытых уроков.",
        goal="Научиться разбирать с учениками условие до решения.",
        days=2, people=9, silent=3, by_teacher=True,
    ),
    Told(
        "Урок, где слышно каждого", "cross_functional", "psychology-special", "submitted",
        "В классы пришли дети с ОВЗ; тьюторов не хватает, учителя и психологи работают порознь.",
        "Карта поддержки ученика, которой пользуются четыре школы.",
        days=13, people=10, silent=2, asks_teacher=True,
    ),
    Told(
        "Обратная связь вместо отметки", "pedagogical", "method-assessment", "in_review",
        "Формирующее оценивание отмечают трудным 45 % опрошенных: критерии есть, а слов для ученика нет.",
        "Листы обратной связи по шести предметам, доля затруднений к маю ниже 35 %.",
        days=4, people=8, silent=1, asks_teacher=True, asks_expert=True,
        opinions=[("for", "Реалистичный план. Советую добавить учителей начальной школы.")],
    ),
    Told(
        "Цифровой помощник учителя", "working_group", "digital-ai", "in_review",
        "Учителя пробуют помощников на основе искусственного интеллекта поодиночке, правила каждый придумывает сам.",
        "Правила школы на одной странице и двадцать проверенных запросов.",
        days=14, people=7,
        opinions=[("remarks", "Нужен раздел о персональных данных учеников.")],
    ),
    Told(
        "Физика руками", "pupils_project", "subject-projects", "returned",
        "Опыты ставят в трёх школах из четырнадцати, датчики лежат без дела.",
        "Сетевой практикум для учеников 8 классов.",
        days=3, people=7, by_teacher=True,
        returned="Назовите измеримый результат: сколько школ и учеников, что они сделают и к какому месяцу.",
    ),
    Told(
        "Классный руководитель: первые шаги", "young_club", "psychology-upbringing", "awaiting_decision",
        "Девятнадцать классных руководителей ведут класс первый или второй год. Трудности: родительские чаты, "
        "конфликты, документы.",
        "Банк разобранных ситуаций, открытые классные часы в пяти школах.",
        goal="Поддержать тех, кто ведёт класс первый или второй год.",
        days=5, people=12,
        returned="Назовите измеримый результат.", added="К маю доля затруднений ниже 30 %.",
        opinions=[("for", "Реалистичный план; добавить психолога."), ("for", "Опереться на наставников Школы № 2.")],
        conclusion="Состав больше установленного, срок и результат измеримы, тема из первых на карте затруднений. "
        "Руководителю – план в течение месяца.",
    ),
    Told(
        "Семинар по билингвам", "permanent_seminar", "psychology-language", "awaiting_decision",
        "В девяти школах учатся дети, для которых русский язык не родной; языковой помощи первые два месяца нет.",
        "Программа первых шестидесяти дней и пары «школа – школа».",
        days=12, people=9, prepared=True,
        opinions=[("for", "Опыт двух школ уже описан, нужна программа.")],
        conclusion="Рекомендую: опыт есть, нужна общая программа. Предлагаю проверить результат в мае.",
    ),
    Told(
        "Олимпиадный резерв", "working_group", "subject-gifted", "rejected",
        "Победителей олимпиад готовят три учителя округа.",
        "Летняя школа.",
        days=40, people=6,
        opinions=[("against", "Цели те же, что у районного объединения учителей математики.")],
        conclusion="Тема важная, но такая группа уже работает при районном объединении.", suggests="reject",
        reason="Группа с той же задачей работает при объединении учителей математики: вступите в неё.",
    ),
    Told(
        "Театр на переменах", "pupils_project", "psychology-climate", "withdrawn",
        "На переменах детям нечем заняться.",
        "Репертуар из десяти коротких сценок.",
        days=25, people=6, silent=4, reason="Не собрали людей, вернёмся в январе.",
    ),
    Told(
        "Наставники рядом", "pedagogical", "reflection-mentoring", "approved",
        "Двадцать восемь педагогов работают первый год, наставник назначен половине.",
        "Пары во всех школах и дневник встреч, к маю остались работать девять из десяти.",
        goal="Чтобы у каждого начинающего был наставник.",
        days=30, people=11, number="412-од",
        opinions=[("for", "Дневник встреч проверен в двух школах.")],
        conclusion="Рекомендую создать: задача из решений прошлого года.",
    ),
    Told(
        "Игра и речь", "cross_functional", "method-preschool", "approved",
        "Воспитатели и логопеды детских садов готовят занятия порознь.",
        "Сборник игр по неделям года, пять открытых занятий.",
        days=55, people=8, number="371-од",
        conclusion="Рекомендую: сборник нужен всем садам округа.",
    ),
]  # fmt: skip
