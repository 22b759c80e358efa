
import django.db.models.deletion
from django.db import migrations, models

from linsheng.core.indexes import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_one_index_each'),
        ('surveys', '0005_publications'),
    ]

    operations = [
        DropOwnIndex(
            model_name='ballot',
            name='home',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='communities.home'),
        ),
        DropOwnIndex(
            model_name='ballot',
            name='wave',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='surveys.wave'),
        ),
        DropOwnIndex(
            model_name='question',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='surveys.questionnaireversion'),
        ),
        DropOwnIndex(
            model_name='questionnaire',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='questionnaires', to='communities.organisation'),
        ),
        DropOwnIndex(
            model_name='questionnaireversion',
            name='questionnaire',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='surveys.questionnaire'),
        ),
    ]
