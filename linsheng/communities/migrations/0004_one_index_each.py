
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0003_resident_by_email'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropOwnIndex(
            model_name='building',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='home',
            name='building',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='homes', to='communities.building'),
        ),
        DropOwnIndex(
            model_name='home',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='homes', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='post',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='resident',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='rosterimport',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='roster_imports', to='communities.community'),
        ),
    ]
