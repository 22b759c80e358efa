
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0003_ballots_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.PositiveSmallIntegerField()),
                ('computed_at', models.DateTimeField()),
                ('data', models.JSONField()),
                ('wave', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='kept_result', to='surveys.wave')),
            ],
        ),
    ]
