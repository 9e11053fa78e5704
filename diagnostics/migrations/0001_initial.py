import core.school_year
import diagnostics.models.campaign
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import django_fsm
import rules.contrib.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("communities", "0001_initial"),
        ("events", "0001_initial"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.SlugField(max_length=80, verbose_name='код анкеты')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='версия')),
                ('title', models.CharField(max_length=250, verbose_name='название')),
                ('intro', models.TextField(blank=True, verbose_name='вступление')),
                ('audience', models.CharField(choices=[('teachers', 'педагоги'), ('heads', 'руководители'), ('pupils', 'обучающиеся'), ('parents', 'родители')], default='teachers', max_length=10, verbose_name='кому')),
                ('minutes', models.PositiveSmallIntegerField(default=7, verbose_name='примерное время, мин')),
                ('state', django_fsm.FSMField(choices=[('draft', 'Черновик'), ('published', 'Опубликована'), ('archived', 'В архиве')], default='draft', max_length=50, protected=True, verbose_name='состояние')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, help_text='Пусто у анкет, поставляемых с порталом.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questionnaires', to='network.municipality', verbose_name='муниципалитет')),
            ],
            options={
                'verbose_name': 'анкета',
                'verbose_name_plural': 'анкеты',
                'ordering': ['title', '-version'],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'family', 'version'), name='one_questionnaire_version'), models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('family', 'version'), name='one_shipped_questionnaire_version')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=250, verbose_name='название')),
                ('purpose', models.TextField(blank=True, verbose_name='цель')),
                ('anonymity', models.CharField(choices=[('anonymous', 'анонимный'), ('confidential', 'конфиденциальный'), ('named', 'именной')], default='anonymous', max_length=12, verbose_name='анонимность')),
                ('opens_on', models.DateField(verbose_name='открывается')),
                ('closes_on', models.DateField(verbose_name='закрывается')),
                ('smallest_group', models.PositiveSmallIntegerField(default=5, verbose_name='наименьшая показываемая группа')),
                ('notable_percent', models.PositiveSmallIntegerField(default=50, help_text='С какой доли ответов направление без мер поддержки попадает в число оставшихся без ответа.', verbose_name='трудность заметна, %')),
                ('by_organisation', models.BooleanField(default=True, verbose_name='сравнивать организации')),
                ('by_subject', models.BooleanField(default=True, verbose_name='сравнивать предметы')),
                ('by_category', models.BooleanField(default=True, verbose_name='сравнивать категории')),
                ('by_years', models.BooleanField(default=True, verbose_name='сравнивать стаж')),
                ('exclude_straightlined', models.BooleanField(default=False, help_text='Анкеты, где на все вопросы дан один и тот же ответ. После запуска не меняется.', verbose_name='не учитывать однообразные ответы')),
                ('interim_map', models.BooleanField(default=True, verbose_name='показывать карту до закрытия')),
                ('open_link', models.BooleanField(default=False, help_text='Отвечать может каждый, у кого есть ссылка.', verbose_name='общая ссылка')),
                ('open_token', models.CharField(default=diagnostics.models.campaign.new_token, editable=False, max_length=64, unique=True)),
                ('chosen_only', models.BooleanField(default=False, verbose_name='только выбранные организации')),
                ('categories', models.JSONField(blank=True, default=list, verbose_name='только категории')),
                ('early_career_only', models.BooleanField(default=False, verbose_name='только молодые педагоги')),
                ('auto_reminders', models.BooleanField(default=True, help_text='Письмо за три дня и за день до закрытия, только тем, кто не ответил.', verbose_name='напоминать о последних днях')),
                ('state', django_fsm.FSMField(choices=[('draft', 'Черновик'), ('running', 'Идёт'), ('closed', 'Завершён')], default='draft', max_length=50, protected=True, verbose_name='состояние')),
                ('invited_count', models.PositiveIntegerField(default=0, verbose_name='приглашено')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='network.municipality')),
                ('organisations', models.ManyToManyField(blank=True, related_name='+', to='network.organisation', verbose_name='какие')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='diagnostics.campaign', verbose_name='сравнить с опросом')),
                ('subjects', models.ManyToManyField(blank=True, related_name='+', to='network.subject', verbose_name='только предметы')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='diagnostics.questionnaire', verbose_name='анкета')),
            ],
            options={
                'verbose_name': 'опрос',
                'verbose_name_plural': 'опросы',
                'ordering': ['-opens_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='campaign_closes_later'), models.CheckConstraint(condition=models.Q(('smallest_group__gte', 3)), name='campaign_smallest_group_3'), models.CheckConstraint(condition=models.Q(('open_link', False), ('anonymity', 'anonymous'), _connector='OR'), name='campaign_open_link_is_anonymous')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='номер')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='ответов')),
                ('shown', models.JSONField(default=dict, verbose_name='что показано')),
                ('counted', models.BooleanField(default=False, verbose_name='подсчитана')),
                ('attempt', models.PositiveIntegerField(default=0, verbose_name='попытка')),
                ('busy_until', models.DateTimeField(blank=True, null=True, verbose_name='занята до')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='diagnostics.campaign')),
            ],
            options={
                'verbose_name': 'порция ответов',
                'verbose_name_plural': 'порции ответов',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='one_batch_a_number'), models.UniqueConstraint(condition=models.Q(('counted', False)), fields=('campaign',), name='one_open_batch_a_campaign')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('key_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(default=bytes)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='diagnostics.campaign')),
            ],
            options={
                'verbose_name': 'черновик ответа',
                'verbose_name_plural': 'черновики ответов',
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(validators=[core.school_year.validate_school_year], verbose_name='учебный год')),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='доля затруднений, 0–1')),
                ('answers', models.PositiveIntegerField(blank=True, null=True, verbose_name='ответов')),
                ('note', models.TextField(blank=True, verbose_name='вывод')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='diagnostics.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('direction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='network.direction')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='network.municipality')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='network.organisation')),
            ],
            options={
                'verbose_name': 'вывод о затруднении',
                'verbose_name_plural': 'выводы о затруднениях',
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('campaign', 'direction', 'organisation'), name='one_finding_a_cell'), models.UniqueConstraint(condition=models.Q(('organisation__isnull', True)), fields=('campaign', 'direction'), name='one_finding_a_direction')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ImportedAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, verbose_name='отпечаток файла')),
                ('name', models.CharField(max_length=250, verbose_name='файл')),
                ('rows', models.PositiveIntegerField(verbose_name='ответов')),
                ('imported_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='diagnostics.campaign')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'загруженная таблица ответов',
                'verbose_name_plural': 'загруженные таблицы ответов',
                'ordering': ['-imported_at'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'sha256'), name='answers_file_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('participated', models.BooleanField(default=False, verbose_name='участвовал')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='diagnostics.campaign')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='network.organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'приглашение',
                'verbose_name_plural': 'приглашения',
                'indexes': [models.Index(fields=['campaign', 'organisation', 'participated'], name='diagnostics_campaig_565093_idx')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'person'), name='one_invitation_a_person')],
            },
        ),
        migrations.CreateModel(
            name='InvitationKey',
            fields=[
                ('key_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('printed', models.BooleanField(default=False, verbose_name='на бумаге')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='diagnostics.invitation')),
            ],
            options={
                'verbose_name': 'ключ приглашения',
                'verbose_name_plural': 'ключи приглашений',
            },
        ),
        migrations.CreateModel(
            name='LinkPrinting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='когда')),
                ('links', models.PositiveIntegerField(verbose_name='ссылок')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='printings', to='diagnostics.campaign')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.organisation')),
            ],
            options={
                'verbose_name': 'печать ссылок',
                'verbose_name_plural': 'печать ссылок',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['campaign', 'organisation'], name='diagnostics_campaig_9fc130_idx')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_anonymous', models.BooleanField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('group_label', models.CharField(blank=True, help_text='Группа из загруженной таблицы, когда организации нет в сети.', max_length=120)),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='предмет')),
                ('category', models.CharField(blank=True, max_length=12, verbose_name='категория')),
                ('years', models.CharField(blank=True, choices=[('0-3', 'до 3 лет'), ('4-10', '4–10 лет'), ('11-20', '11–20 лет'), ('21+', 'больше 20 лет')], max_length=8, verbose_name='стаж')),
                ('answers', models.JSONField(default=dict)),
                ('straightlined', models.BooleanField(default=False, verbose_name='однообразные ответы')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='diagnostics.batch')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='diagnostics.campaign')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='network.organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='responses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ответ на опрос',
                'verbose_name_plural': 'ответы на опрос',
                'indexes': [models.Index(fields=['campaign', 'batch'], name='diagnostics_campaig_b2839f_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('is_anonymous', True), ('person__isnull', True), ('sent_at__isnull', True)), models.Q(('is_anonymous', False), ('person__isnull', False)), _connector='OR'), name='anonymous_without_person_and_time'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('campaign', 'person'), name='one_response_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Scale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='код')),
                ('name', models.CharField(max_length=200, verbose_name='название')),
            ],
            options={
                'verbose_name': 'шкала',
                'verbose_name_plural': 'шкалы',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ScaleOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='код')),
                ('label', models.CharField(max_length=200, verbose_name='ответ')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('is_difficulty', models.BooleanField(default=False, verbose_name='это затруднение')),
                ('is_no_answer', models.BooleanField(default=False, verbose_name='нет ответа')),
                ('weight', models.DecimalField(decimal_places=3, default=0, max_digits=4, verbose_name='доля затруднения, 0–1')),
                ('scale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='diagnostics.scale', verbose_name='шкала')),
            ],
            options={
                'verbose_name': 'ответ шкалы',
                'verbose_name_plural': 'ответы шкалы',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('scale', 'code'), name='one_option_a_code'), models.CheckConstraint(condition=models.Q(('weight__gte', 0), ('weight__lte', 1)), name='scale_option_weight_0_1'), models.CheckConstraint(condition=models.Q(('is_difficulty', True), ('is_no_answer', True), _negated=True), name='no_answer_is_no_difficulty')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='тема')),
                ('intro', models.TextField(blank=True, verbose_name='пояснение')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='diagnostics.questionnaire')),
            ],
            options={
                'verbose_name': 'тема анкеты',
                'verbose_name_plural': 'темы анкеты',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='код')),
                ('text', models.CharField(max_length=500, verbose_name='вопрос')),
                ('hint', models.CharField(blank=True, max_length=500, verbose_name='пояснение')),
                ('kind', models.CharField(choices=[('scale', 'шкала'), ('single', 'один ответ'), ('multiple', 'несколько ответов'), ('number', 'число'), ('text', 'текст')], default='scale', max_length=10, verbose_name='вид')),
                ('required', models.BooleanField(default=True, verbose_name='обязательный')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='network.direction', verbose_name='направление')),
                ('scale', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diagnostics.scale')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='diagnostics.section')),
            ],
            options={
                'verbose_name': 'вопрос',
                'verbose_name_plural': 'вопросы',
                'ordering': ['section__position', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('section', 'code'), name='one_item_a_code_in_section'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'scale'), ('scale__isnull', False)), models.Q(models.Q(('kind', 'scale'), _negated=True), ('scale__isnull', True)), _connector='OR'), name='scale_item_has_scale')],
            },
        ),
        migrations.CreateModel(
            name='ItemOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='код')),
                ('label', models.CharField(max_length=250, verbose_name='ответ')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('has_text', models.BooleanField(default=False, verbose_name='«другое» с текстом')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='diagnostics.item')),
            ],
            options={
                'verbose_name': 'вариант ответа',
                'verbose_name_plural': 'варианты ответа',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('item', 'code'), name='one_choice_a_code')],
            },
        ),
        migrations.CreateModel(
            name='SentKey',
            fields=[
                ('key_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='diagnostics.campaign')),
            ],
            options={
                'verbose_name': 'отправленный ключ',
                'verbose_name_plural': 'отправленные ключи',
            },
        ),
        migrations.CreateModel(
            name='SupportMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('event', 'событие'), ('community', 'сообщество'), ('mentor', 'наставник'), ('material', 'материал'), ('centre', 'ресурсный центр'), ('course', 'запрос на курсы'), ('other', 'другое')], max_length=10, verbose_name='вид')),
                ('title', models.CharField(max_length=300, verbose_name='что')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='срок')),
                ('link', models.CharField(blank=True, max_length=400, verbose_name='ссылка')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='сделано')),
                ('result', models.TextField(blank=True, verbose_name='что получилось')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='communities.communityapplication')),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='communities.community')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='events.event')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='diagnostics.finding')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'мера поддержки',
                'verbose_name_plural': 'меры поддержки',
                'ordering': ['due_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('application__isnull', True), ('community__isnull', True), ('event__isnull', True)), models.Q(('application__isnull', True), ('community__isnull', True), ('event__isnull', False), ('kind', 'event')), models.Q(('application__isnull', False), ('community__isnull', True), ('event__isnull', True), ('kind', 'community')), models.Q(('application__isnull', True), ('community__isnull', False), ('event__isnull', True), ('kind', 'community')), _connector='OR'), name='measure_has_one_record_of_its_kind'), models.CheckConstraint(condition=models.Q(('done_on__isnull', True), models.Q(('application__isnull', True), ('community__isnull', True), ('event__isnull', True)), _connector='OR'), name='measure_done_as_its_record_says'), models.UniqueConstraint(condition=models.Q(('event__isnull', False)), fields=('finding', 'event'), name='one_measure_a_finding_and_event'), models.UniqueConstraint(condition=models.Q(('application__isnull', False)), fields=('finding', 'application'), name='one_measure_a_finding_and_application'), models.UniqueConstraint(condition=models.Q(('community__isnull', False)), fields=('finding', 'community'), name='one_measure_a_finding_and_community')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('all', 'По сети'), ('organisation', 'По организациям'), ('subject', 'По предметам'), ('category', 'По категориям'), ('years', 'По стажу')], max_length=12)),
                ('group', models.CharField(blank=True, max_length=130)),
                ('option', models.CharField(blank=True, max_length=40)),
                ('count', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='diagnostics.campaign')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='diagnostics.item')),
            ],
            options={
                'verbose_name': 'счёт ответов',
                'verbose_name_plural': 'счёт ответов',
                'constraints': [models.UniqueConstraint(fields=('campaign', 'dimension', 'group', 'item', 'option'), name='one_tally_a_cell'), models.UniqueConstraint(condition=models.Q(('item__isnull', True)), fields=('campaign', 'dimension', 'group'), name='one_coverage_a_group')],
            },
        ),
        migrations.CreateModel(
            name='OtherAnswers',
            fields=[
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='other_answers', serialize=False, to='diagnostics.batch')),
                ('counts', models.JSONField(default=dict, verbose_name='счёт')),
            ],
            options={
                'verbose_name': 'ответы на остальные вопросы',
                'verbose_name_plural': 'ответы на остальные вопросы',
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='сколько дней принимать отзывы')),
                ('answers', models.PositiveIntegerField(default=0, editable=False, verbose_name='учтено отзывов')),
                ('useful', models.PositiveIntegerField(default=0, editable=False, verbose_name='назвали полезным')),
                ('useful_of', models.PositiveIntegerField(default=0, editable=False, verbose_name='ответили о пользе')),
                ('released_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='подсчитано')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='diagnostics.campaign')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='events.event')),
            ],
            options={
                'verbose_name': 'отзывы о событии',
                'verbose_name_plural': 'отзывы о событиях',
                'ordering': ['-event__starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('useful__lte', models.F('useful_of'))), name='feedback_part_of_whole')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='FeedbackWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='слова')),
                ('hidden_at', models.DateTimeField(blank=True, null=True, verbose_name='скрыто')),
                ('feedback', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='diagnostics.feedback')),
                ('hidden_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diagnostics.item')),
            ],
            options={
                'verbose_name': 'слова отзыва',
                'verbose_name_plural': 'слова отзывов',
                'ordering': ['pk'],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(choices=[('people', 'люди'), ('organisations', 'организации')], max_length=13, verbose_name='кого считали')),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='с затруднением')),
                ('invited', models.PositiveIntegerField(blank=True, null=True, verbose_name='приглашены')),
                ('signed_up', models.PositiveIntegerField(blank=True, null=True, verbose_name='записаны')),
                ('came', models.PositiveIntegerField(blank=True, null=True, verbose_name='пришли')),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='подсчитано')),
                ('fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('finding', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='coverage', to='diagnostics.finding', verbose_name='вывод')),
            ],
            options={
                'verbose_name': 'охват',
                'verbose_name_plural': 'охват',
            },
        ),
        migrations.CreateModel(
            name='CoverageSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('people', models.JSONField(default=list)),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage_sets', to='diagnostics.finding')),
            ],
            options={
                'verbose_name': 'сосчитанный круг людей',
                'verbose_name_plural': 'сосчитанные круги людей',
            },
        ),
        migrations.CreateModel(
            name='EventCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(choices=[('people', 'люди'), ('organisations', 'организации')], max_length=13, verbose_name='кого пригласили')),
                ('number', models.PositiveIntegerField(verbose_name='сколько')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='когда')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='events.event', verbose_name='событие')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='diagnostics.finding', verbose_name='вывод')),
                ('organisations', models.ManyToManyField(blank=True, related_name='+', to='network.organisation')),
            ],
            options={
                'verbose_name': 'приглашение на событие',
                'verbose_name_plural': 'приглашения на события',
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('finding', 'event'), name='one_call_a_finding_and_event'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='a_call_is_to_somebody')],
            },
        ),
    ]
