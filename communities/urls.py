from django.urls import include, path

from communities.views import changes, communities, discussion, home, life, membership, posts

app_name = "communities"

urlpatterns = [
    path("", communities.CommunitiesPage.as_view(), name="communities"),
    path("materials/", home.MaterialsPage.as_view(), name="materials"),
    path("board/", communities.BoardPage.as_view(), name="board"),
    path("subscriptions/", posts.SubscriptionsPage.as_view(), name="subscriptions"),
    path("attachments/<int:pk>/", posts.AttachmentFile.as_view(), name="attachment"),
    path("applications/", include("communities.application_urls")),
    path("<int:pk>/", communities.CommunityPage.as_view(), name="community"),
    path("<int:pk>/edit/", communities.PageEdit.as_view(), name="edit"),
    path("<int:pk>/leave/", membership.LeavePage.as_view(), name="leave"),
    path("<int:community>/join/", membership.JoinPage.as_view(), name="join"),
    path("<int:community>/members/", communities.MembersPage.as_view(), name="members"),
    path("<int:community>/members/<int:pk>/duty/", membership.DutyPage.as_view(), name="duty"),
    path("<int:community>/members/<int:pk>/departure/", membership.DeparturePage.as_view(), name="departure"),
    path("<int:community>/requests/<int:pk>/", membership.JoinRequestPage.as_view(), name="join-request"),
    path(
        "<int:community>/requests/<int:pk>/withdrawal/",
        membership.JoinWithdrawalPage.as_view(),
        name="join-withdrawal",
    ),
    path("<int:community>/news/", life.NewsPage.as_view(), name="news"),
    path("<int:community>/news/new/", life.NewsNewPage.as_view(), name="news-new"),
    path("<int:community>/news/<int:pk>/edit/", life.NewsEditPage.as_view(), name="news-edit"),
    path("<int:community>/news/<int:pk>/removal/", life.NewsRemovalPage.as_view(), name="news-removal"),
    path("<int:community>/reports/new/", life.ReportNewPage.as_view(), name="report-new"),
    path("<int:community>/reports/<int:pk>/", life.ReportPage.as_view(), name="report"),
    path("<int:community>/reports/<int:pk>/edit/", life.ReportEditPage.as_view(), name="report-edit"),
    path("<int:community>/reports/<int:pk>/file/", life.ReportFile.as_view(), name="report-file"),
    path("<int:community>/changes/new/", changes.ChangeNewPage.as_view(), name="change-new"),
    path("<int:community>/changes/<int:pk>/", changes.ChangePage.as_view(), name="change"),
    path("<int:community>/changes/<int:pk>/order/", changes.ChangeOrderPage.as_view(), name="change-order"),
    path(
        "<int:community>/changes/<int:pk>/refusal/",
        changes.ChangeRefusalPage.as_view(),
        name="change-refusal",
    ),
    path("<int:community>/subscription/", posts.FollowCommunity.as_view(), name="follow"),
    path("<int:community>/topics/", discussion.TopicsPage.as_view(), name="topics"),
    path("<int:community>/topics/new/", discussion.TopicNewPage.as_view(), name="topic-new"),
    path("<int:community>/topics/<int:pk>/", discussion.TopicPage.as_view(), name="topic"),
    path("<int:community>/topics/<int:pk>/replies/", discussion.ReplyPage.as_view(), name="topic-reply"),
    path("<int:community>/topics/<int:pk>/edit/", posts.TopicEditPage.as_view(), name="topic-edit"),
    path("<int:community>/topics/<int:pk>/subscription/", posts.FollowTopic.as_view(), name="topic-follow"),
    path("<int:community>/posts/<int:pk>/", posts.PostPage.as_view(), name="post"),
    path("<int:community>/posts/<int:pk>/edit/", posts.PostEditPage.as_view(), name="post-edit"),
    path("<int:community>/posts/<int:pk>/hiding/", posts.PostHidingPage.as_view(), name="post-hiding"),
    path("<int:community>/posts/<int:pk>/showing/", posts.PostShowingPage.as_view(), name="post-showing"),
]
