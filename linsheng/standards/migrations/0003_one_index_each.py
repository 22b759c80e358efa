
import django.db.models.deletion
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_one_index_each'),
        ('standards', '0002_calendar_name_en'),
    ]

    operations = [
        DropOwnIndex(
            model_name='calendaroverride',
            name='calendar',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='standards.servicecalendar'),
        ),
        DropOwnIndex(
            model_name='promise',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='standards.standardversion'),
        ),
        DropOwnIndex(
            model_name='servicecalendar',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calendars', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='servicedimension',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dimensions', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='serviceitem',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='service_items', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='standardversion',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='standard_versions', to='communities.organisation'),
        ),
    ]
