"""Discussions: who reads and writes, what a message may hold, one letter a day, order kept by the leader."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from communities.actions import discussion, membership
from communities.digest import send_digests
from communities.mentions import mentioned_in
from communities.models import Attachment, Post, Topic
from core.markup import rendered
from core.models import Letter
from core.search import Question, found
from core.states import WrongState
from network.models import Person, Role
from tests.factories.communities import community_at, community_of, topic_in
from tests.factories.network import employ

PDF = b"%PDF-1.7\n1 0 obj"


@pytest.fixture
def community(world):
    return community_at(world.own)


@pytest.fixture
def topic(community):
    return topic_in(community)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def reply_url(topic: Topic) -> str:
    return reverse("communities:topic-reply", args=[topic.community_id, topic.pk])


def say(topic: Topic, person: Person, text: str = "Согласна.") -> Post:
    return discussion.reply(topic=topic, text=text, by=fresh(person))


def tomorrow(days: int = 1) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def digests(person: Person) -> list[str]:
    rows = Letter.objects.filter(key__startswith=f"community-digest:{person.pk}:").order_by("pk")
    return list(rows.values_list("text", flat=True))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[жми](javascript:alert(1))",
        "[жми](data:text/html;base64,PHNjcmlwdD4=)",
        "![картинка](https://чужой.пример/следит.png)",
        '<a href="https://пример.рф" onclick="x()">x</a>',
        "```\n</code></pre><script>x</script>\n```",
        '[x](https://a.example/"onmouseover="x)',
        "# Заголовок\n<style>*{display:none}</style><svg onload=x>",
    ],
)
def test_message_can_do_nothing_but_be_read(text):
    html = rendered(text)

    for part in ("<script", "<img", "<style", "<svg", "<h1", 'href="javascript', 'href="data'):
        assert part not in html
    tags = [piece.split(">")[0] for piece in html.split("<")[1:]]
    assert not [tag for tag in tags if " on" in tag or '"on' in tag], html


def test_marks_of_markdown_and_whole_addresses_work():
    html = rendered("**важно**\n- раз\n- два\n\nсм. https://пример.рф/план")

    assert "<strong>важно</strong>" in html and html.count("<li>") == 2
    assert 'rel="nofollow noopener noreferrer ugc"' in html


def test_script_in_a_message_reaches_no_reader(client_of, topic, world):
    client_of(world.teacher).post(reply_url(topic), {"text": "<script>alert(1)</script> **да**"})

    page = client_of(world.head).get(topic.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<strong>да</strong>" in page


def test_topic_for_members_is_hidden_from_others_and_from_their_search(client_of, client, topic, world):
    for reader in (world.near.teacher, world.official):
        assert client_of(reader).get(topic.get_absolute_url()).status_code == 404
        assert not found(Question.parse("начать"), fresh(reader)).filter(source="communities.topic").exists()
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert found(Question.parse("начать"), fresh(world.teacher)).filter(source="communities.topic").exists()
    assert client_of(world.methodist).get(topic.get_absolute_url()).status_code == 200


def test_public_topic_shows_visitors_no_names(client, community, world):
    topic = topic_in(community, is_public=True)

    page = client.get(topic.get_absolute_url()).content.decode()
    assert "Расскажите, как вы начинали." in page
    assert world.head.last_name not in page and "Участник сообщества" in page


def test_file_is_known_by_its_content(client_of, topic, world):
    client = client_of(world.teacher)
    wrong = SimpleUploadedFile("план.pdf", b"MZ\x90 this is a program")
    right = SimpleUploadedFile("план.pdf", PDF)

    refused = client.post(reply_url(topic), {"text": "Вот план", "files": [right, wrong]})
    assert refused.status_code == 422
    assert "Внутри файла не PDF" in refused.content.decode() and "Вот план" in refused.content.decode()
    assert (Attachment.objects.count(), topic.posts.count()) == (0, 1)

    files = [SimpleUploadedFile("план.pdf", PDF), SimpleUploadedFile("лист.pdf", PDF)]
    client.post(reply_url(topic), {"text": "Вот план", "files": files})
    assert list(Attachment.objects.values_list("filename", flat=True)) == ["план.pdf", "лист.pdf"]


def test_file_opens_for_those_who_see_the_message(client_of, topic, world):
    file = SimpleUploadedFile("план.pdf", PDF)
    post = discussion.reply(topic=topic, text="Вот", by=fresh(world.teacher), files=[file])
    url = post.attachments.get().get_absolute_url()

    opened = client_of(world.head).get(url)
    assert b"".join(opened.streaming_content) == PDF
    assert opened["Content-Disposition"].startswith("attachment")
    assert client_of(world.near.teacher).get(url).status_code == 404

    discussion.hide_post(post=post, reason="Личные данные", by=fresh(world.head))
    assert client_of(world.head).get(url).status_code == 404


def test_only_members_are_found_by_a_mention(world):
    one = Person(pk=1, last_name="Озёрова", first_name="Анна", patronymic="Львовна")
    two = Person(pk=2, last_name="Речкин", first_name="Пётр", patronymic="Ильич")
    three = Person(pk=3, last_name="Речкин", first_name="Олег", patronymic="Ильич")
    members = [one, two, three]

    assert mentioned_in("@озерова, посмотрите", members) == [one]
    assert mentioned_in("спросим @Речкин Олег и @Анна Львовна", members) == [three, one]
    assert mentioned_in("@Речкин", members) == [], "two members bear the name"
    assert mentioned_in("@Озеровая @Чужой почта@озерова-школа.рф", members) == []


def test_digest_tells_once_a_day_of_what_others_wrote(topic, world):
    say(topic, world.teacher)
    say(topic, world.teacher, "И ещё.")

    assert send_digests(tomorrow()) == 1
    assert send_digests(tomorrow()) == 0
    assert len(digests(world.head)) == 1
    assert "С чего начать?: 2 новых сообщения" in digests(world.head)[0].replace("\xa0", " ")
    assert "Согласна" not in digests(world.head)[0], "words of a closed talk stay in the portal"
    assert digests(world.teacher) == [], "nobody is told of the own words"

    say(topic, world.head, "Спасибо!")
    assert send_digests(tomorrow(2)) == 1
    assert len(digests(world.teacher)) == 1
    assert len(digests(world.head)) == 1


def test_mentioned_member_is_told_without_following(community, world):
    topic = topic_in(community)
    say(topic, world.head, f"@{world.teacher.last_name}, что скажете?")

    send_digests(tomorrow())

    assert "вас упомянули" in digests(world.teacher)[0]


def test_digest_tells_nothing_of_a_talk_the_person_has_left(topic, world):
    discussion.follow(person=world.teacher, wanted=True, topic=topic)
    say(topic, world.head, f"@{world.teacher.last_name}, ждём план")
    membership.leave(community=topic.community, reason="", by=fresh(world.teacher))

    send_digests(tomorrow())

    assert digests(world.teacher) == []


def test_digest_leaves_out_what_was_hidden(topic, world):
    post = say(topic, world.teacher)
    discussion.hide_post(post=post, reason="Не по теме", by=fresh(world.head))

    assert send_digests(tomorrow()) == 0


def test_leader_hides_with_a_reason_and_shows_again(client_of, topic, world):
    post = say(topic, world.teacher, "Лишние слова")
    expert = fresh(employ(Role.TEACHER, world.school))
    community = topic.community
    community.memberships.create(person=expert, organisation=world.school)

    hiding = reverse("communities:post-hiding", args=[community.pk, post.pk])
    assert client_of(expert).post(hiding, {"reason": "Мне не нравится"}).status_code == 403
    client_of(world.head).post(hiding, {"reason": "Не по теме"})

    page = client_of(expert).get(topic.get_absolute_url()).content.decode()
    assert "Лишние слова" not in page and "Не по теме" in page
    assert "Лишние слова" in client_of(world.head).get(topic.get_absolute_url()).content.decode()

    client_of(world.head).post(reverse("communities:post-showing", args=[community.pk, post.pk]))
    assert "Лишние слова" in client_of(expert).get(topic.get_absolute_url()).content.decode()


def test_author_mends_own_words_only(client_of, topic, world):
    post = say(topic, world.teacher, "Опечатка")
    url = reverse("communities:post-edit", args=[topic.community_id, post.pk])

    assert client_of(world.head).post(url, {"text": "Чужие слова"}).status_code == 403
    client_of(world.teacher).post(url, {"text": "Исправлено"})

    post.refresh_from_db()
    assert post.text == "Исправлено" and post.edited_at is not None


def test_closed_topic_takes_no_reply(client_of, topic, world):
    discussion.keep_order(
        topic=topic, title=topic.title, is_public=False, is_pinned=True, is_closed=True, by=fresh(world.head)
    )

    answer = client_of(world.teacher).post(reply_url(topic), {"text": "А я?"}, follow=True)

    assert "Тему закрыли для ответов" in answer.content.decode()
    assert topic.posts.count() == 1
    with pytest.raises(WrongState):
        say(topic, world.teacher)


def test_what_others_wrote_for_members_is_not_made_public(client_of, topic, world):
    say(topic, world.teacher)
    url = reverse("communities:topic-edit", args=[topic.community_id, topic.pk])

    page = client_of(world.head).post(url, {"title": topic.title, "is_public": "on"})

    assert page.status_code == 422
    assert "писали для своих" in page.content.decode()
    topic.refresh_from_db()
    assert not topic.is_public


def test_flood_is_stopped_and_the_text_is_kept(client_of, topic, world):
    client = client_of(world.teacher)
    for number in range(5):
        client.post(reply_url(topic), {"text": f"Сообщение {number}"})

    stopped = client.post(reply_url(topic), {"text": "Шестое сообщение"})

    assert stopped.status_code == 422
    assert "слишком часто" in stopped.content.decode() and "Шестое сообщение" in stopped.content.decode()
    assert topic.posts.count() == 6


def test_pressed_twice_is_one_message_and_one_topic(client_of, community, world):
    client = client_of(world.teacher)
    words = {"title": "Вопрос", "text": "Как быть?"}
    for _ in range(2):
        client.post(reverse("communities:topic-new", args=[community.pk]), words)
    topic = Topic.objects.get()
    for _ in range(2):
        client.post(reply_url(topic), {"text": "Отвечу себе"})

    assert topic.posts.count() == 2


def test_outsider_follows_no_closed_talk(client_of, topic, world):
    stranger = client_of(world.near.teacher)
    of_topic = reverse("communities:topic-follow", args=[topic.community_id, topic.pk])
    of_all = reverse("communities:follow", args=[topic.community_id])

    assert stranger.post(of_topic, {"wanted": "yes"}).status_code == 404
    assert stranger.post(of_all, {"wanted": "yes"}).status_code == 403


def test_closed_community_is_read_and_not_written_in(topic, world):
    type(topic.community).objects.filter(pk=topic.community_id).update(
        state="closed", closed_on=timezone.localdate()
    )

    with pytest.raises(WrongState):
        say(topic, world.teacher)


def test_link_of_a_letter_opens_the_page_of_the_message(client_of, topic, world):
    Post.objects.bulk_create(
        Post(topic=topic, author=world.teacher, text=f"{n}", created_at=tomorrow(n)) for n in range(1, 32)
    )
    last = topic.posts.last()

    answer = client_of(world.teacher).get(last.get_absolute_url())

    assert answer["Location"] == f"{topic.get_absolute_url()}?page=2#post-{last.pk}"


def test_topic_costs_the_same_for_one_and_thirty_messages(client_of, topic, world, django_assert_num_queries):
    client, url = client_of(world.teacher), topic.get_absolute_url()
    client.get(url)
    cost = 12

    with django_assert_num_queries(cost):
        client.get(url)
    Post.objects.bulk_create(Post(topic=topic, author=world.head, text="**да**") for _ in range(29))
    with django_assert_num_queries(cost):
        client.get(url)


def test_topics_cost_the_same_for_one_and_thirty(client_of, world, django_assert_num_queries):
    community = community_of(world.head, world.teacher)
    topic_in(community)
    client, url = client_of(world.teacher), reverse("communities:topics", args=[community.pk])
    client.get(url)
    cost = 8

    with django_assert_num_queries(cost):
        client.get(url)
    for number in range(29):
        topic_in(community, title=f"Тема {number}")
    with django_assert_num_queries(cost):
        client.get(url)
