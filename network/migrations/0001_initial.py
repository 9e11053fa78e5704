import core.natural
import core.school_year
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_fsm
import network.inn
import network.models.municipality
import network.models.order
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='название')),
            ],
            options={
                'verbose_name': 'предмет',
                'verbose_name_plural': 'предметы',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='электронная почта')),
                ('last_name', models.CharField(max_length=80, verbose_name='фамилия')),
                ('first_name', models.CharField(max_length=80, verbose_name='имя')),
                ('patronymic', models.CharField(blank=True, max_length=80, verbose_name='отчество')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='телефон')),
                ('category', models.CharField(choices=[('none', 'нет категории'), ('fit', 'соответствие занимаемой должности'), ('first', 'первая'), ('highest', 'высшая'), ('methodist', 'педагог-методист'), ('mentor', 'педагог-наставник')], default='none', max_length=12, verbose_name='квалификационная категория')),
                ('service_since', models.PositiveSmallIntegerField(blank=True, help_text='Год начала педагогической работы.', null=True, verbose_name='педагогический стаж с года')),
                ('shows_page', models.BooleanField(default=False, verbose_name='показывать личную страницу всем')),
                ('about', models.TextField(blank=True, verbose_name='о себе')),
                ('photo', models.FileField(blank=True, upload_to='people/', validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg', 'webp'])], verbose_name='фотография')),
                ('is_active', models.BooleanField(default=True, verbose_name='может входить')),
                ('is_staff', models.BooleanField(default=False, verbose_name='администратор')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='заведён')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'человек',
                'verbose_name_plural': 'люди',
                'ordering': ['last_name', 'first_name', 'patronymic', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='person_email_once_any_case')],
                'indexes': [models.Index(fields=['last_name', 'first_name', 'patronymic'], name='person_by_name')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ConsentDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=200, verbose_name='цель')),
                ('version', models.PositiveSmallIntegerField(verbose_name='версия')),
                ('text', models.TextField(verbose_name='текст')),
                ('published_at', models.DateTimeField(auto_now_add=True, verbose_name='опубликован')),
            ],
            options={
                'verbose_name': 'документ согласия',
                'verbose_name_plural': 'документы согласия',
                'ordering': ['purpose', '-version'],
                'constraints': [models.UniqueConstraint(fields=('purpose', 'version'), name='one_text_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField(auto_now_add=True, verbose_name='дано')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='отозвано')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='network.consentdocument')),
            ],
            options={
                'verbose_name': 'согласие',
                'verbose_name_plural': 'согласия',
                'ordering': ['-given_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('person', 'document'), name='one_consent_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Direction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='код')),
                ('name', models.CharField(max_length=200, verbose_name='название')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('is_active', models.BooleanField(default=True, verbose_name='используется')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='network.direction', verbose_name='область')),
            ],
            options={
                'verbose_name': 'направление',
                'verbose_name_plural': 'направления',
                'ordering': ['position', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('pk')), _negated=True), _connector='OR'), name='direction_no_self')],
            },
        ),
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='название')),
                ('network_title', models.CharField(help_text='Стоит в шапке портала: «Методическая сеть Приозёрного округа».', max_length=250, verbose_name='название сети')),
                ('region', models.CharField(blank=True, max_length=200, verbose_name='регион')),
                ('centre_name', models.CharField(blank=True, max_length=250, verbose_name='методический центр')),
                ('approving_body', models.CharField(blank=True, max_length=300, verbose_name='орган, издающий акты')),
                ('order_kind', models.CharField(choices=[('order', 'приказ'), ('directive', 'распоряжение'), ('decree', 'постановление')], default='order', max_length=12, verbose_name='вид акта')),
                ('order_place', models.CharField(blank=True, max_length=120, verbose_name='место составления актов')),
                ('signatory_position', models.CharField(blank=True, help_text='Как в подписи: «Начальник Управления образования».', max_length=300, verbose_name='должность подписывающего акты')),
                ('signatory_name', models.CharField(blank=True, help_text='Как в подписи: «И. А. Петрова».', max_length=120, verbose_name='имя подписывающего акты')),
                ('review_days', models.PositiveSmallIntegerField(default=10, verbose_name='дней на рассмотрение заявки')),
                ('answer_days', models.PositiveSmallIntegerField(default=5, verbose_name='дней на ответ участника заявки')),
                ('opinion_days', models.PositiveSmallIntegerField(default=7, verbose_name='дней на мнение эксперта')),
                ('decision_days', models.PositiveSmallIntegerField(default=10, verbose_name='дней на решение по заявке')),
                ('revision_days', models.PositiveSmallIntegerField(default=14, verbose_name='дней на исправление возвращённой заявки')),
                ('minimum_community_size', models.PositiveSmallIntegerField(default=5, verbose_name='наименьшее сообщество, человек')),
                ('plan_due', models.CharField(default='01.10', help_text='День и месяц учебного года: 01.10.', max_length=5, validators=[network.models.municipality.validate_day_of_year], verbose_name='план сообщества сдают до')),
                ('report_due', models.CharField(default='15.06', help_text='День и месяц года, в котором учебный год заканчивается: 15.06.', max_length=5, validators=[network.models.municipality.validate_day_of_year], verbose_name='отчёт сообщества сдают до')),
                ('smallest_group', models.PositiveSmallIntegerField(default=5, help_text='Группы с меньшим числом ответивших на карте затруднений скрываются.', verbose_name='наименьшая показываемая группа')),
                ('is_fictional', models.BooleanField(default=False, verbose_name='вымышленный')),
                ('coat_of_arms', models.FileField(blank=True, upload_to='arms/', validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'webp'])], verbose_name='герб')),
                ('south', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='южная граница, °')),
                ('north', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='северная граница, °')),
                ('west', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='западная граница, °')),
                ('east', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='восточная граница, °')),
            ],
            options={
                'verbose_name': 'муниципалитет',
                'verbose_name_plural': 'муниципалитеты',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('smallest_group__gte', 3)), name='municipality_smallest_group_3')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=300, verbose_name='орган, издавший акт')),
                ('kind', models.CharField(choices=[('order', 'приказ'), ('directive', 'распоряжение'), ('decree', 'постановление')], max_length=12, verbose_name='вид акта')),
                ('purpose', models.CharField(blank=True, editable=False, max_length=40, verbose_name='что делает')),
                ('heading', models.CharField(max_length=500, verbose_name='заголовок')),
                ('preamble', models.TextField(blank=True, verbose_name='преамбула')),
                ('command', models.CharField(blank=True, max_length=60, verbose_name='распорядительное слово')),
                ('clauses', models.JSONField(default=list, verbose_name='пункты')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='место составления')),
                ('signatory_position', models.CharField(blank=True, max_length=300, verbose_name='должность подписывающего')),
                ('signatory_name', models.CharField(blank=True, max_length=120, verbose_name='имя подписывающего')),
                ('executor', models.CharField(blank=True, max_length=200, verbose_name='исполнитель и телефон')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='номер')),
                ('number_key', models.CharField(blank=True, editable=False, max_length=60)),
                ('year', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='календарный год')),
                ('date', models.DateField(blank=True, null=True, verbose_name='дата')),
                ('scan', models.FileField(blank=True, upload_to=network.models.order.scan_path, verbose_name='скан подписанного акта')),
                ('code', models.CharField(default=network.models.order.new_code, max_length=20, unique=True, verbose_name='код публичной страницы')),
                ('state', django_fsm.FSMField(choices=[('draft', 'Проект'), ('registered', 'Действует'), ('cancelled', 'Отменён')], default='draft', max_length=50, protected=True, verbose_name='состояние')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='подготовлен')),
                ('registered_at', models.DateTimeField(blank=True, null=True, verbose_name='внесён в портал')),
                ('amends', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='network.order', verbose_name='изменяет')),
                ('cancels', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='network.order', verbose_name='отменяет')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто подготовил')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='network.municipality', verbose_name='муниципалитет')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто зарегистрировал')),
            ],
            options={
                'verbose_name': 'распорядительный акт',
                'verbose_name_plural': 'распорядительные акты',
                'ordering': [models.OrderBy(models.F('date'), descending=True, nulls_first=True), '-pk'],
                'indexes': [models.Index(fields=['municipality', 'state', '-date'], name='orders_of_municipality')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['registered', 'cancelled'])), fields=('municipality', 'body', 'year', 'number_key'), name='order_number_once_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('date', None), ('number', ''), ('number_key', ''), ('registered_at', None), ('state', 'draft'), ('year', None)), models.Q(models.Q(('number', ''), _negated=True), models.Q(('number_key', ''), _negated=True), ('date__isnull', False), ('registered_at__isnull', False), ('state__in', ['registered', 'cancelled']), ('year__isnull', False)), _connector='OR'), name='order_is_registered_with_number_and_date'), models.CheckConstraint(condition=models.Q(('amends', None), ('cancels', None), _connector='OR'), name='order_amends_or_cancels')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='OrderAnnex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='порядок')),
                ('title', models.CharField(max_length=300, verbose_name='название')),
                ('columns', models.JSONField(default=list, verbose_name='графы')),
                ('rows', models.JSONField(default=list, verbose_name='строки')),
                ('has_people', models.BooleanField(default=False, verbose_name='есть имена людей')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='annexes', to='network.order')),
            ],
            options={
                'verbose_name': 'приложение к акту',
                'verbose_name_plural': 'приложения к актам',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('order', 'position'), name='annex_has_its_own_place')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inn', models.CharField(blank=True, help_text='10 цифр.', max_length=10, null=True, unique=True, validators=[network.inn.validate_inn], verbose_name='ИНН')),
                ('ogrn', models.CharField(blank=True, help_text='13 цифр.', max_length=13, validators=[network.inn.validate_ogrn], verbose_name='ОГРН')),
                ('full_name', models.CharField(max_length=600, verbose_name='полное название')),
                ('short_name', models.CharField(max_length=250, verbose_name='краткое название')),
                ('sort_key', core.natural.NaturalKeyField(source='short_name')),
                ('kind', models.CharField(choices=[('school', 'школа'), ('kindergarten', 'детский сад'), ('additional', 'дополнительное образование'), ('methodical_centre', 'методический центр'), ('authority', 'орган управления образованием'), ('college', 'колледж или вуз'), ('culture', 'учреждение культуры'), ('health', 'учреждение здравоохранения'), ('partner', 'другой партнёр')], default='school', max_length=20, verbose_name='вид')),
                ('address', models.CharField(blank=True, max_length=400, verbose_name='адрес')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='широта, °')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='долгота, °')),
                ('phone', models.CharField(blank=True, max_length=60, verbose_name='телефон')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('website', models.URLField(blank=True, verbose_name='сайт')),
                ('strengths', models.TextField(blank=True, verbose_name='чем сильны')),
                ('offers', models.TextField(blank=True, verbose_name='чем готовы поделиться')),
                ('photo', models.FileField(blank=True, upload_to='organisations/', validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg', 'webp'])], verbose_name='фотография')),
                ('risk_profile', models.BooleanField(default=False, verbose_name='рисковый профиль')),
                ('difficult_conditions', models.BooleanField(default=False, verbose_name='сложные социальные условия')),
                ('is_active', models.BooleanField(default=True, verbose_name='участвует в сети')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='network.municipality', verbose_name='муниципалитет')),
            ],
            options={
                'verbose_name': 'организация',
                'verbose_name_plural': 'организации',
                'ordering': ['sort_key', 'pk'],
                'indexes': [models.Index(fields=['municipality', 'kind'], name='network_org_municip_6979ec_idx'), models.Index(fields=['sort_key'], name='network_org_sort_ke_fede87_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('inn__isnull', True), ('inn__regex', '^[0-9]{10}$'), _connector='OR'), name='organisation_inn_10'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='organisation_both_coordinates')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ResultsCluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(validators=[core.school_year.validate_school_year], verbose_name='учебный год')),
                ('procedure', models.CharField(max_length=120, verbose_name='процедура')),
                ('level', models.CharField(choices=[('high', 'высокие'), ('medium', 'средние'), ('low', 'низкие')], max_length=8, verbose_name='результаты')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clusters', to='network.organisation')),
            ],
            options={
                'verbose_name': 'кластер результатов',
                'verbose_name_plural': 'кластеры результатов',
                'ordering': ['-year', 'procedure'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'year', 'procedure'), name='one_cluster_a_procedure')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('teacher', 'педагог'), ('head', 'руководитель организации'), ('methodist', 'методист'), ('official', 'специалист органа управления образованием'), ('expert', 'эксперт')], default='teacher', max_length=12, verbose_name='роль')),
                ('position', models.CharField(blank=True, max_length=200, verbose_name='должность')),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='работает с')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='по')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employments', to=settings.AUTH_USER_MODEL, verbose_name='человек')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='network.organisation', verbose_name='организация')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.subject', verbose_name='предмет')),
            ],
            options={
                'verbose_name': 'место работы',
                'verbose_name_plural': 'места работы',
                'ordering': ['-starts_on', 'pk'],
                'indexes': [models.Index(fields=['organisation', 'role', 'ends_on', 'starts_on', 'person'], name='staff_of_a_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='employment_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('person', 'organisation', 'role'), name='one_open_employment_a_role')],
            },
            bases=(rules.contrib.models.RulesModelMixin, models.Model),
        ),
    ]
