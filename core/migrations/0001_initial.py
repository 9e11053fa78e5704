import core.models.upload
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80, verbose_name='вид')),
                ('title', models.CharField(max_length=300, verbose_name='название')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='параметры')),
                ('key', models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name='ключ повторного нажатия')),
                ('state', models.CharField(choices=[('queued', 'В очереди'), ('running', 'Выполняется'), ('done', 'Готово'), ('failed', 'Не удалось')], default='queued', max_length=10, verbose_name='состояние')),
                ('stage', models.CharField(blank=True, max_length=200, verbose_name='этап')),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='выполнено, %')),
                ('attempt', models.PositiveIntegerField(default=0, verbose_name='попытка')),
                ('errors', models.PositiveSmallIntegerField(default=0, verbose_name='ошибок подряд')),
                ('losses', models.PositiveSmallIntegerField(default=0, verbose_name='прерываний обработчика')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='занято до')),
                ('next_at', models.DateTimeField(verbose_name='не раньше')),
                ('rung_at', models.DateTimeField(blank=True, null=True, verbose_name='обработчик извещён')),
                ('error', models.TextField(blank=True, verbose_name='ошибка')),
                ('result', models.JSONField(blank=True, default=dict, verbose_name='итог')),
                ('result_url', models.CharField(blank=True, max_length=300, verbose_name='где итог')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='номер запроса')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='поставлено')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='начато')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='закончено')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='кто поставил')),
            ],
            options={
                'verbose_name': 'задание',
                'verbose_name_plural': 'задания',
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['next_at'], name='job_unfinished'), models.Index(fields=['created_by', '-created_at'], name='job_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='job_progress_is_a_percentage'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='job_running_has_a_lease')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='ключ')),
                ('to', models.EmailField(max_length=254, verbose_name='кому')),
                ('subject', models.CharField(max_length=300, verbose_name='тема')),
                ('text', models.TextField(blank=True, verbose_name='текст')),
                ('html', models.TextField(blank=True, verbose_name='текст в HTML')),
                ('secret', models.BooleanField(default=False, verbose_name='стереть после отправки')),
                ('state', models.CharField(choices=[('queued', 'Ждёт отправки'), ('sending', 'Отправляется'), ('sent', 'Отправлено'), ('failed', 'Не доставлено')], default='queued', max_length=10, verbose_name='состояние')),
                ('attempt', models.PositiveSmallIntegerField(default=0, verbose_name='попытка')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='занято до')),
                ('next_at', models.DateTimeField(verbose_name='не раньше')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='почему не отправлено')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='номер запроса')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='отправлено')),
            ],
            options={
                'verbose_name': 'письмо',
                'verbose_name_plural': 'письма',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['next_at'], name='letter_unsent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('secret', False), models.Q(('state__in', ['sent', 'failed']), _negated=True), models.Q(('html', ''), ('text', '')), _connector='OR'), name='letter_secret_is_blanked')],
            },
        ),
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('name', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='обработчик')),
                ('at', models.DateTimeField(verbose_name='отозвался')),
            ],
            options={
                'verbose_name': 'отклик обработчика',
                'verbose_name_plural': 'отклики обработчиков',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60, verbose_name='источник')),
                ('object_id', models.BigIntegerField(verbose_name='запись')),
                ('title', models.CharField(max_length=300, verbose_name='название')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='пояснение')),
                ('url', models.CharField(max_length=300, verbose_name='адрес')),
                ('title_words', models.TextField(verbose_name='слова названия')),
                ('words', models.TextField(verbose_name='все слова')),
            ],
            options={
                'verbose_name': 'запись поиска',
                'verbose_name_plural': 'записи поиска',
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('source', 'object_id'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='StateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.CharField(max_length=40)),
                ('transition', models.CharField(max_length=60, verbose_name='переход')),
                ('from_state', models.CharField(max_length=40, verbose_name='было')),
                ('to_state', models.CharField(max_length=40, verbose_name='стало')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='когда')),
                ('reason', models.TextField(blank=True, verbose_name='причина')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name': 'шаг состояния',
                'verbose_name_plural': 'шаги состояний',
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['content_type', 'object_id', 'at'], name='core_statec_content_72cb57_idx')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80, verbose_name='что загружается')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='куда')),
                ('name', models.CharField(max_length=255, verbose_name='имя файла')),
                ('file', models.FileField(upload_to=core.models.upload._path, verbose_name='файл')),
                ('sheet', models.CharField(blank=True, max_length=255, verbose_name='лист')),
                ('sheets', models.JSONField(blank=True, default=list, verbose_name='листы')),
                ('header_row', models.PositiveIntegerField(verbose_name='строка заголовка')),
                ('header', models.JSONField(default=list, verbose_name='колонки файла')),
                ('columns', models.JSONField(blank=True, default=dict, verbose_name='соответствие колонок')),
                ('corrections', models.JSONField(blank=True, default=dict, verbose_name='поправки к строкам')),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='что ещё сделать')),
                ('accept_good_rows', models.BooleanField(default=False, verbose_name='взять строки без ошибок')),
                ('state', models.CharField(choices=[('preparing', 'Проверяется'), ('ready', 'Ждёт подтверждения'), ('applying', 'Записывается'), ('applied', 'Загружено')], default='preparing', max_length=10, verbose_name='состояние')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='проверка по счёту')),
                ('fingerprint', models.CharField(blank=True, max_length=64, verbose_name='отпечаток плана')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='итоги')),
                ('message', models.TextField(blank=True, verbose_name='что случилось')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='загружен')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='записан')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to=settings.AUTH_USER_MODEL, verbose_name='кто')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job')),
            ],
            options={
                'verbose_name': 'загрузка таблицы',
                'verbose_name_plural': 'загрузки таблиц',
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(fields=['created_by', 'kind', '-created_at'], name='core_upload_created_d5d875_idx')],
            },
        ),
        migrations.CreateModel(
            name='UploadRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='строка')),
                ('fate', models.CharField(max_length=10, verbose_name='судьба')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='что')),
                ('changes', models.JSONField(blank=True, default=list, verbose_name='изменения')),
                ('problems', models.JSONField(blank=True, default=list, verbose_name='ошибки')),
                ('notes', models.JSONField(blank=True, default=list, verbose_name='замечания')),
                ('guesses', models.JSONField(blank=True, default=dict, verbose_name='угадано')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='core.upload')),
            ],
            options={
                'verbose_name': 'строка загрузки',
                'verbose_name_plural': 'строки загрузки',
                'ordering': ['number', 'pk'],
                'indexes': [models.Index(fields=['upload', 'fate', 'number'], name='core_upload_upload__54a0d0_idx')],
            },
        ),
    ]
