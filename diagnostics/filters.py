"""GET filters of the lists of this app."""

import django_filters

from diagnostics.models import Audience, Campaign, Questionnaire


class CampaignFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label="Название", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label="Состояние", choices=Campaign.State.choices, empty_label="Любое"
    )

    class Meta:
        model = Campaign
        fields = ["title", "state"]


class QuestionnaireFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label="Название", lookup_expr="icontains")
    audience = django_filters.ChoiceFilter(label="Кому", choices=Audience.choices, empty_label="Всем")
    state = django_filters.ChoiceFilter(
        label="Состояние", choices=Questionnaire.State.choices, empty_label="Любое"
    )

    class Meta:
        model = Questionnaire
        fields = ["title", "audience", "state"]
