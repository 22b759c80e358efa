
import django.db.models.deletion
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_read_by_moment'),
    ]

    operations = [
        DropOwnIndex(
            model_name='auditentry',
            name='chain',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='audit.auditchain'),
        ),
    ]
