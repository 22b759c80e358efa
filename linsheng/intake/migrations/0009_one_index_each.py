
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_one_index_each'),
        ('feedback', '0010_one_index_each'),
        ('intake', '0008_mail_has_html'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropOwnIndex(
            model_name='askingskipped',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='askingskipped',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='call',
            name='case',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='call',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='call',
            name='line',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='intake.line'),
        ),
        DropOwnIndex(
            model_name='callnumber',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='callnumberpart',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='callseen',
            name='call',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='intake.call'),
        ),
        DropOwnIndex(
            model_name='correspondent',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='correspondents', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='mail',
            name='case',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='feedback.case'),
        ),
        DropOwnIndex(
            model_name='mail',
            name='organisation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='publicreport',
            name='place',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='intake.place'),
        ),
        DropOwnIndex(
            model_name='slip',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='intake.slipbatch'),
        ),
        DropOwnIndex(
            model_name='slipbatch',
            name='community',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='slip_batches', to='communities.community'),
        ),
        DropOwnIndex(
            model_name='triagemodel',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.organisation'),
        ),
    ]
