from communities.models.application import CommunityApplication, Suggestion
from communities.models.application_parts import (
    Answer,
    ApplicationMember,
    ApplicationOrganisation,
    ApplicationVersion,
    ExpertOpinion,
    Verdict,
)
from communities.models.change import ChangeKind, CommunityChange
from communities.models.community import Community
from communities.models.discussion import Attachment, DigestMark, Post, Subscription, Topic
from communities.models.kinds import CommunityKind
from communities.models.life import CommunityNews, CommunityReport
from communities.models.membership import JoinRequest, MemberRole, Membership

__all__ = [
    "Answer",
    "ApplicationMember",
    "ApplicationOrganisation",
    "ApplicationVersion",
    "Attachment",
    "ChangeKind",
    "Community",
    "CommunityApplication",
    "CommunityChange",
    "CommunityKind",
    "CommunityNews",
    "CommunityReport",
    "DigestMark",
    "ExpertOpinion",
    "JoinRequest",
    "MemberRole",
    "Membership",
    "Post",
    "Subscription",
    "Suggestion",
    "Topic",
    "Verdict",
]
