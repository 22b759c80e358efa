
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_one_index_each'),
        ('feedback', '0009_posted_results'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropOwnIndex(
            model_name='callback',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='case',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='case',
            name='handler',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_handled', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='case',
            name='home',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='communities.home'),
        ),
        DropOwnIndex(
            model_name='case',
            name='resident',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='communities.resident'),
        ),
        DropOwnIndex(
            model_name='caseevent',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='casenumber',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='escalation',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='escalationstep',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='escalation_steps', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='follower',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='photo',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='rating',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='rating',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='resolution',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='resultnotice',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='result_notices', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='urge',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='urges', to='feedback.case'),
        ),
    ]
