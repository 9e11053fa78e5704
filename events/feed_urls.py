"""Addresses of calendars, the feed and one's own participation, below /events/."""

from django.urls import path

from events.views import feeds, mine

urlpatterns = [
    path("calendar.ics", feeds.network_calendar, name="calendar"),
    path("feed.atom", feeds.feed, name="feed"),
    path("<int:pk>/event.ics", feeds.event_calendar, name="event-calendar"),
    # config/logs.py strikes out what follows /events/calendars/.
    path("calendars/<str:token>.ics", feeds.own_calendar, name="calendar-own"),
    path("mine/", mine.ParticipationView.as_view(), name="mine"),
    path("mine/calendar/", mine.CalendarLinkView.as_view(), name="my-calendar"),
]
