"""Pages of discussions: topics, a topic with its messages, writing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from communities.actions import discussion as actions
from communities.filters import TopicFilter
from communities.forms.discussion import ReplyForm, TopicForm
from communities.models import Community, Post, Subscription, Topic
from communities.views.scope import InCommunity, OfCommunity, sees_names, shown_name
from core.limits import person_within_limit
from core.markup import rendered
from core.pages import Action, CardPage, FormPage, ListPage
from core.states import WrongState

POSTS_PER_PAGE = 30
WRITES_A_MINUTE, WRITES_A_DAY = 5, 100
TOO_OFTEN = "Сообщения идут слишком часто. Текст на месте: отправьте его через минуту."
TOPICS = Topic.objects.select_related("community__municipality", "author")


def writes_too_often(person: Any) -> bool:
    """Five messages a minute, a hundred a day: enough for people, too little for a flood."""
    minute = person_within_limit(person, "community-post", limit=WRITES_A_MINUTE, seconds=60)
    day = person_within_limit(person, "community-posts-of-day", limit=WRITES_A_DAY, seconds=86_400)
    return not (minute and day)


def may_write(person: Any, community: Community) -> bool:
    return person.is_authenticated and person.has_perm("communities.discuss_community", community)


@method_decorator(login_not_required, name="dispatch")
class TopicsPage(InCommunity, ListPage):
    """Topics that the reader may see, pinned ones first, then by the last message."""

    title = "Обсуждение"
    queryset = TOPICS
    filterset_class = TopicFilter
    card_template = "communities/topic_in_list.html"
    template_name = "communities/topics.html"
    empty_title = "Тем пока нет"
    empty_text = "Темы начинают участники сообщества."

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().filter(community=self.community)
        sized = rows.annotate(size=Count("posts", filter=Q(posts__hidden_at=None)))
        return sized.order_by(*Topic._meta.ordering)

    def get_actions(self) -> list[Action]:
        if not may_write(self.request.user, self.community):
            return []
        return [Action("Начать тему", reverse("communities:topic-new", args=[self.community.pk]), "primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        followed = user.is_authenticated and Subscription.objects.filter(
            person=user, community=self.community
        )
        return super().get_context_data(
            names=sees_names(user, self.community),
            may_follow=may_write(user, self.community),
            follows=bool(followed and followed.exists()),
            **kwargs,
        )


class TopicNewPage(InCommunity, FormPage):
    title = "Начать тему"
    form_class = TopicForm
    submit_label = "Опубликовать"
    community_permission = "communities.discuss_community"

    def perform(self, form: TopicForm) -> Topic:
        if writes_too_often(self.request.user):
            raise WrongState(TOO_OFTEN)
        return actions.start_topic(community=self.community, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return reverse("communities:topics", args=[self.community.pk])


class _Talk(OfCommunity, CardPage):
    """The messages, 30 a page, and the form of a reply below the last one."""

    queryset = TOPICS
    template_name = "communities/topic.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [
            *super().get_crumbs(),
            ("Обсуждение", reverse("communities:topics", args=[self.community.pk])),
        ]

    def get_actions(self) -> list[Action]:
        user, one = self.request.user, self.object
        if not user.is_authenticated or not user.has_perm("communities.change_topic", one):
            return []
        return [Action("Порядок в теме", reverse("communities:topic-edit", args=[one.community_id, one.pk]))]

    def may_reply(self) -> bool:
        user = self.request.user
        return user.is_authenticated and user.has_perm("communities.reply_topic", self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, user = self.object, self.request.user
        posts = one.posts.select_related("author", "hidden_by").prefetch_related("attachments", "mentioned")
        page = Paginator(posts.order_by("created_at", "pk"), POSTS_PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        names = sees_names(user, self.community)
        moderates = user.is_authenticated and user.has_perm("communities.moderate_community", self.community)
        open_ = not one.is_closed and self.community.state != Community.State.CLOSED
        kwargs.setdefault("form", ReplyForm() if self.may_reply() else None)
        return super().get_context_data(
            topic=one,
            page_obj=page,
            rows=[_row(post, user, names, moderates, open_) for post in page],
            names=names,
            follows=user.is_authenticated and one.subscriptions.filter(person=user).exists(),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class TopicPage(_Talk):
    """The topic to be read."""

    http_method_names = ["get", "head", "options"]


class ReplyPage(_Talk):
    """POST of a reply; with mistakes it is the topic again, with what was written."""

    http_method_names = ["get", "post", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who comes back from the sign-in is led to the topic."""
        self.object = self.get_object()
        if not self.may_reply():
            raise PermissionDenied("Отвечают участники сообщества.")
        return HttpResponseRedirect(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not self.may_reply():
            if self.object.is_closed and may_write(request.user, self.community):
                messages.warning(request, "Тему закрыли для ответов, пока вы писали.")
                return HttpResponseRedirect(self.object.get_absolute_url())
            raise PermissionDenied("Отвечают участники сообщества.")
        form = ReplyForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                if writes_too_often(request.user):
                    raise WrongState(TOO_OFTEN)
                post = actions.reply(topic=self.object, by=request.user, **form.cleaned_data)
                return HttpResponseRedirect(post.get_absolute_url())
            except WrongState as error:
                form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _row(post: Post, reader: Any, names: bool, moderates: bool, is_open: bool) -> dict[str, Any]:
    is_own = reader.is_authenticated and post.author_id == reader.pk
    hidden = post.hidden_at is not None
    return {
        "post": post,
        "author": shown_name(post.author, names),
        "html": rendered(post.text) if not hidden or moderates or is_own else "",
        "mentioned": ", ".join(person.get_full_name() for person in post.mentioned.all()) if names else "",
        "may_edit": is_own and is_open and not hidden,
        "may_hide": not hidden and (is_own or moderates),
        "may_show": hidden and moderates,
    }
