"""Pages of one message, of order in a topic, of files and of subscriptions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from communities.actions import discussion as actions
from communities.forms.discussion import HidingForm, PostForm, TopicOrderForm
from communities.models import Attachment, Post, Subscription, Topic
from communities.views.discussion import POSTS_PER_PAGE, TOPICS, may_write
from communities.views.scope import LIST, InCommunity, OfCommunity
from core.pages import ConfirmPage, EditPage, PageMixin

POSTS = Post.objects.select_related("topic__community__municipality", "author")


@method_decorator(login_not_required, name="dispatch")
class PostPage(View):
    """Leads to the message on its page of the topic: what letters link to."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, community: int, pk: int) -> HttpResponse:
        posts = Post.objects.visible_to(request.user).select_related("topic")
        post = get_object_or_404(posts, pk=pk, topic__community=community)
        before = Q(created_at__lt=post.created_at) | Q(created_at=post.created_at, pk__lt=post.pk)
        page = post.topic.posts.filter(before).count() // POSTS_PER_PAGE + 1
        query = f"?page={page}" if page > 1 else ""
        return HttpResponseRedirect(f"{post.topic.get_absolute_url()}{query}#post-{post.pk}")


class TopicEditPage(OfCommunity, EditPage):
    """Rename, pin, close, show to all: what the leader and the methodist do."""

    queryset = TOPICS
    title = "Порядок в теме"
    form_class = TopicOrderForm
    permission = "communities.change_topic"
    success_message = "Сохранено."

    def perform(self, form: TopicOrderForm) -> Topic:
        return actions.keep_order(topic=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class _OfPost(InCommunity):
    """A page about one message of the community."""

    queryset = POSTS

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(topic__community=self.community)  # type: ignore[misc]

    def get_crumbs(self) -> list[tuple[str, str]]:
        topic = self.object.topic  # type: ignore[attr-defined]
        return [*super().get_crumbs(), (str(topic), topic.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()  # type: ignore[attr-defined]


class PostEditPage(_OfPost, EditPage):
    title = "Изменить сообщение"
    form_class = PostForm
    permission = "communities.change_post"
    success_message = "Сохранено."

    def perform(self, form: PostForm) -> Post:
        fresh = Post.objects.get(pk=self.object.pk)
        return actions.edit_post(post=fresh, text=form.cleaned_data["text"], by=self.request.user)


class PostHidingPage(_OfPost, ConfirmPage):
    title = "Скрыть сообщение"
    form_class = HidingForm
    kind = "stop"
    submit_label = "Скрыть"
    permission = "communities.hide_post"
    success_message = "Сообщение скрыто."

    def get_initial(self) -> dict[str, Any]:
        return {"reason": "Удалено автором"} if self.object.author == self.request.user else {}

    def get_consequences(self) -> list[str]:
        return [
            "На месте сообщения останутся ваша причина и дата; файлы перестанут открываться.",
            "Прочитать и вернуть его смогут руководитель сообщества и методист.",
        ]

    def perform(self, form: HidingForm) -> Post:
        return actions.hide_post(post=self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class PostShowingPage(_OfPost, ConfirmPage):
    title = "Вернуть сообщение"
    submit_label = "Вернуть"
    permission = "communities.show_post"
    success_message = "Сообщение снова видно."

    def get_consequences(self) -> list[str]:
        return ["Сообщение и его файлы снова увидят все, кто видит тему."]

    def perform(self, form: Any) -> Post:
        return actions.show_post(post=self.object, by=self.request.user)


@method_decorator(login_not_required, name="dispatch")
class AttachmentFile(View):
    """A file of a message, to those who see it; always saved, never shown in the page."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        one = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
        try:
            response = FileResponse(one.file.open("rb"), as_attachment=True, filename=one.filename)
        except FileNotFoundError as error:
            raise Http404("Файла нет на диске портала.") from error
        response["X-Content-Type-Options"] = "nosniff"
        return response


class FollowCommunity(InCommunity, View):
    """POST `wanted`: letters about everything in the community, or no more of them."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("wanted") == "yes"
        if wanted and not may_write(request.user, self.community):
            raise PermissionDenied("За всем обсуждением следят участники сообщества.")
        actions.follow(person=request.user, wanted=wanted, community=self.community)
        return _back(request, wanted, reverse("communities:topics", args=[self.community.pk]))


class FollowTopic(InCommunity, View):
    """POST `wanted`: letters about one topic that the person sees, or no more of them."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = Topic.objects.visible_to(request.user)
        topic = get_object_or_404(seen, pk=kwargs["pk"], community=self.community)
        wanted = request.POST.get("wanted") == "yes"
        actions.follow(person=request.user, wanted=wanted, topic=topic)
        return _back(request, wanted, topic.get_absolute_url())


def _back(request: HttpRequest, wanted: bool, url: str) -> HttpResponse:
    told = "Новое придёт письмом, не чаще раза в день." if wanted else "Писем об этом больше не будет."
    messages.success(request, told)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if back.startswith("/") and safe else url)


class SubscriptionsPage(PageMixin, TemplateView):
    """What the person follows, each with a button to stop."""

    title = "Письма об обсуждениях"
    lead = "Всё новое приходит одним письмом, не чаще раза в день."
    section = "communities"
    crumbs = [LIST]
    template_name = "communities/subscriptions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Subscription.objects.filter(person=self.request.user)
        rows = mine.select_related("community", "topic__community").order_by("pk")
        return super().get_context_data(subscriptions=rows, **kwargs)
