from core.models.job import Job, Pulse
from core.models.letter import Letter
from core.models.search_entry import SearchEntry
from core.models.state_change import StateChange
from core.models.stateful import StatefulModel
from core.models.upload import Upload, UploadRow

__all__ = ["Job", "Letter", "Pulse", "SearchEntry", "StateChange", "StatefulModel", "Upload", "UploadRow"]
