"""Forms of discussions."""

from __future__ import annotations

from django import forms

from communities.forms.communities import MARKS
from communities.forms.fields import FilesField
from communities.models import Post, Topic

MENTIONS = "Чтобы участник получил письмо, напишите @ и его фамилию."


class TopicForm(forms.Form):
    title = forms.CharField(label="Тема", max_length=200)
    text = forms.CharField(
        label="Вопрос или сообщение",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=f"{MARKS} {MENTIONS}",
    )
    files = FilesField()  # type: ignore[assignment]
    is_public = forms.BooleanField(
        label="Читают все",
        required=False,
        help_text="Тему увидят все посетители портала. Без отметки её видят участники сообщества и методист, "
        "который отвечает за порядок.",
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="Ваш ответ",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"{MARKS} {MENTIONS}",
    )
    files = FilesField()  # type: ignore[assignment]


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"text": f"{MARKS} {MENTIONS}"}


class TopicOrderForm(forms.ModelForm):
    """What the leader may change of a topic."""

    class Meta:
        model = Topic
        fields = ["title", "is_public", "is_pinned", "is_closed"]
        help_texts = {
            "is_pinned": "Стоит первой в списке тем.",
            "is_closed": "Тему можно читать, отвечать нельзя.",
        }


class HidingForm(forms.Form):
    reason = forms.CharField(
        label="Почему",
        max_length=500,
        help_text="Эти слова останутся на месте сообщения.",
    )
