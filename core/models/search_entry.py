from django.db import models


class SearchEntry(models.Model):
    """What search knows of one record; whether a person may see it is asked of the record's own model.

    `words` and `title_words` hold words and their stems in lower case with a space around each, so that
    one LIKE finds a word by its beginning on SQLite and on PostgreSQL alike.
    """

    source = models.CharField("источник", max_length=60)
    object_id = models.BigIntegerField("запись")
    title = models.CharField("название", max_length=300)
    summary = models.CharField("пояснение", max_length=300, blank=True)
    url = models.CharField("адрес", max_length=300)
    title_words = models.TextField("слова названия")
    words = models.TextField("все слова")

    class Meta:
        verbose_name = "запись поиска"
        verbose_name_plural = "записи поиска"
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return self.title
